# frozen_string_literal: true

require_relative "test_case"

# One client for many threads, and a Ruby that goes on while they wait.
class ThreadsTest < TestCase
  def test_other_threads_run_during_a_login
    count = 0
    stop = false
    counter = Thread.new { count += 1 until stop }
    Thread.pass until count.positive?
    before = count
    with_fault("silent-after-request") do |client|
      assert_raises(Testpress::TimeoutError) { client.login("testpress", "demo", timeout: 0.5) }
    end
    assert_operator count - before, :>, 100_000
  ensure
    stop = true
    join(counter)
  end

  def test_many_threads_share_a_client
    with_institute do |client|
      threads = Array.new(20) { Thread.new { Array.new(5) { client.login("testpress", "demo").jwt } } }
      jwts = join(*threads).flat_map(&:value)
      assert_equal 100, jwts.uniq.size
    end
  end

  def test_stalled_logins_hold_up_no_other
    with_fault("silent-after-request", timeout_ms: 30_000) do |stalled|
      threads = Array.new(50) { Thread.new { stalled.login("testpress", "demo") } }
      threads.each { |thread| thread.report_on_exception = false }
      begin
        with_institute { |client| assert_equal "testpress", client.login("testpress", "demo").username }
        assert(threads.all?(&:alive?))
      ensure
        threads.each(&:kill)
      end
      join(*threads)
    end
  end

  def test_a_token_is_for_every_thread
    token = with_institute { |client| client.login("testpress", "demo") }
    values = Array.new(10) { Thread.new { Array.new(200) { token.authorization }.uniq } }.flat_map(&:value).uniq
    assert_equal [token.authorization], values
  end

  def test_no_thread_is_left_behind
    before = threads
    with_institute { |client| 5.times { client.login("testpress", "demo") } }
    assert_empty threads - before
  end

  def test_the_library_starts_no_thread
    assert_equal "1\n", ruby(<<~RUBY)
      Testpress.login(ENV.fetch("TESTPRESS_INSTITUTE"), "testpress", "demo")
      puts Thread.list.size
    RUBY
  end

  # What a Puma or Sidekiq thread has set for itself must not reach the login's thread.
  def test_abort_on_exception_does_not_meet_a_failed_login
    output = ruby(<<~RUBY)
      Thread.abort_on_exception = true
      begin
        Testpress.login(ENV.fetch("TESTPRESS_INSTITUTE"), "testpress", "wrong")
      rescue Testpress::RejectedError
        puts "rejected"
      end
    RUBY
    assert_equal "rejected\n", output
  end
end
