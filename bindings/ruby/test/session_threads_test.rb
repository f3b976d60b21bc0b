# frozen_string_literal: true

require "async"
require_relative "counting_institute"
require_relative "test_case"

# One session for many threads and fibers: one login for all of them, and each may stop waiting.
class SessionThreadsTest < TestCase
  class Stop < StandardError; end

  def with_session(**options)
    CountingInstitute.open do |institute|
      session = Testpress::Session.new(institute.client(timeout_ms: 60_000), "ada", "right", **options)
      yield session, institute
    end
  end

  # Threads that wait for a login which the institute holds; the first of them logs in.
  def waiting_threads(count, session, institute)
    institute.hold
    Array.new(count) do |number|
      thread = Thread.new { session.token.jwt }
      thread.report_on_exception = false
      institute.wait_for_login if number.zero?
      Thread.pass until thread.status == "sleep"
      thread
    end
  end

  def test_many_threads_make_one_login
    with_session do |session, institute|
      threads = waiting_threads(50, session, institute)
      institute.release
      assert_equal 1, join(*threads).map(&:value).uniq.size
      assert_equal 1, institute.logins
    end
  end

  def test_many_threads_that_reject_a_token_make_one_login
    with_session do |session, institute|
      old = session.token
      threads = Array.new(20) do
        Thread.new do
          session.reject(old)
          session.token.jwt
        end
      end
      jwts = join(*threads).map(&:value).uniq
      assert_equal 1, jwts.size
      refute_includes jwts, old.jwt
      assert_equal 2, institute.logins
    end
  end

  def test_fibers_make_one_login_and_hold_up_no_other
    skip "no fiber scheduler before Ruby 3" unless Fiber.respond_to?(:set_scheduler)
    with_session do |session, institute|
      institute.hold
      order = []
      jwts = Async do |task|
        waiting = Array.new(20) { task.async { session.token.jwt.tap { order << :token } } }
        task.async do
          order << :other
          institute.release
        end
        waiting.map(&:wait)
      end.wait
      assert_equal 1, jwts.uniq.size
      assert_equal 1, institute.logins
      assert_equal :other, order.first
    end
  end

  def test_a_fiber_that_is_stopped_leaves_the_others_their_login
    skip "no fiber scheduler before Ruby 3" unless Fiber.respond_to?(:set_scheduler)
    with_session do |session, institute|
      institute.hold
      jwts = Async do |task|
        first = task.async { session.token }
        others = Array.new(5) { task.async { session.token.jwt } }
        first.stop
        institute.wait_for_login
        institute.release
        others.map(&:wait)
      end.wait
      assert_equal 1, jwts.uniq.size
      assert_operator institute.logins, :<=, 2
    end
  end

  def test_a_logger_may_ask_the_session_that_is_logging_in
    CountingInstitute.open do |institute|
      asked = Queue.new
      session = nil
      logger = Object.new
      logger.define_singleton_method(:add) { |*| asked << session.token.jwt if asked.empty? }
      session = Testpress::Session.new(institute.client(logger: logger), "ada", "right")
      jwt = Timeout.timeout(PATIENCE) { session.token.jwt }
      assert_equal jwt, asked.pop
      assert_equal 1, institute.logins
    end
  end

  def test_who_is_interrupted_leaves_the_others_their_login
    with_session do |session, institute|
      threads = waiting_threads(6, session, institute)
      leader, waiting, raised, *others = threads
      waiting.kill
      raised.raise(Stop)
      join(waiting)
      assert_raises(Stop) { join(raised) }
      leader.kill
      institute.wait_for_login
      institute.release
      assert_equal 1, join(*others).map(&:value).uniq.size
      assert_equal 2, institute.logins, "another has logged in"
    end
  end

  def test_an_interrupt_ends_the_wait_for_anothers_login
    with_session do |session, institute|
      leader, waiting = waiting_threads(2, session, institute)
      waiting.raise(Stop)
      assert_raises(Stop) { join(waiting) }
      assert_predicate leader, :alive?
      assert_raises(Timeout::Error) { Timeout.timeout(0.1) { session.token } }
      institute.release
      join(leader)
      assert_equal 1, institute.logins
    end
  end

  def test_a_cancellation_ends_the_wait_for_anothers_login
    with_session do |session, institute|
      leader, = waiting_threads(1, session, institute)
      call = Testpress::Call.new
      waiting = Thread.new { assert_raises(Testpress::CancelledError) { session.token(call: call) } }
      Thread.pass until waiting.status == "sleep"
      call.cancel
      join(waiting)
      assert_raises(Testpress::TimeoutError) { session.token(timeout: 0.1) }
      assert_predicate leader, :alive?
      institute.release
      join(leader)
      assert_equal 1, institute.logins
    end
  end

  def test_a_session_that_is_closed_meanwhile_goes_on_to_the_end
    with_session do |session, institute|
      leader, = waiting_threads(1, session, institute)
      session.close
      assert_raises(Testpress::ClosedError) { session.token }
      institute.release
      join(leader)
      assert_match(/\AeyJ/, leader.value)
    end
  end

  def test_threads_that_ask_reject_and_close
    with_institute do |client|
      20.times do
        session = Testpress::Session.new(client, "testpress", "demo")
        askers = Array.new(4) do
          Thread.new do
            session.reject(session.token)
          rescue Testpress::ClosedError
            nil
          end
        end
        join(*askers, Thread.new { session.close }, Thread.new { session.close })
        assert_predicate session, :closed?
      end
    end
  end

  def test_no_thread_is_left_behind
    before = threads
    with_institute do |client|
      session = Testpress::Session.new(client, "testpress", "demo")
      10.times { session.token }
    end
    assert_empty threads - before
  end
end
