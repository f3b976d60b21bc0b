# frozen_string_literal: true

require "async"
require_relative "test_case"

# Under a fiber scheduler a login waits like everything else: the others go on, and a task can be stopped.
class AsyncTest < TestCase
  def setup
    super
    skip "no fiber scheduler before Ruby 3" unless Fiber.respond_to?(:set_scheduler)
    @stalled = Testpress::Client.new(fault("silent-after-request"), ca_file: faults_ca, timeout_ms: 60_000)
  end

  def teardown
    @stalled&.close
    super
  end

  def test_a_login_holds_up_no_other_fiber
    order = []
    Async do |task|
      waiting = task.async do
        @stalled.login("testpress", "demo", timeout: 2)
      rescue Testpress::TimeoutError
        order << :timeout
      end
      task.async { order << Testpress.login(institute, "testpress", "demo").username }
      waiting.wait
    end.wait
    assert_equal ["testpress", :timeout], order
  end

  def test_a_stopped_task_ends_its_login
    elapsed = seconds do
      Async do |task|
        waiting = task.async { @stalled.login("testpress", "demo") }
        task.async { waiting.stop }
      end.wait
    end
    assert_operator elapsed, :<, 30
  end

  # A mask of interrupts is its whole thread's, and new threads inherit it: those of Timeout, too.
  def test_a_stopped_login_masks_no_other_fibers_interrupts
    queue = Queue.new
    thread = nil
    Async do |task|
      task.async { @stalled.login("testpress", "demo") }.stop
      thread = Thread.new { queue.pop }
    end.wait
    thread.kill
    assert thread.join(10), "a thread can't be killed"
  ensure
    queue.close
  end

  def test_a_task_with_a_timeout
    timeout = nil
    Async do |task|
      task.with_timeout(0.1) { @stalled.login("testpress", "demo") }
    rescue Async::TimeoutError
      timeout = true
    end.wait
    assert timeout
  end
end
