# frozen_string_literal: true

require_relative "in_flight"
require_relative "test_case"

# A login that waits ends soon after its thread is killed, raised into, timed out or told to stop by Ctrl-C.
class InterruptsTest < TestCase
  LIMIT = 0.3
  # The limit is for a machine that has time; a busy one gets more tries.
  TRIES = 8

  class Stop < StandardError; end

  # The thread that logs in, once it waits for the answer.
  def login_in_flight(fault_name = "silent-after-request", point = InFlight::CONNECTED, &after)
    in_flight = InFlight.new(point)
    client = Testpress::Client.new(fault(fault_name), ca_file: faults_ca, timeout_ms: 60_000, logger: in_flight)
    thread = Thread.new do
      client.login("testpress", "demo")
    ensure
      after&.call
    end
    thread.report_on_exception = false
    in_flight.wait
    [thread, client]
  end

  # Passes when one of some tries is fast enough.
  def within_limit
    took = Array.new(TRIES) do
      elapsed = yield
      return elapsed if elapsed <= LIMIT

      elapsed
    end
    flunk "no try took less than #{LIMIT} s: #{took.map { |elapsed| elapsed.round(3) }}"
  end

  def ended(thread)
    join(thread)
  rescue Stop, Testpress::CancelledError => error
    error
  end

  def test_kill
    within_limit do
      cleaned = false
      thread, client = login_in_flight { cleaned = true }
      elapsed = seconds { thread.kill && join(thread) }
      assert cleaned, "the thread's own ensure has run"
      assert_predicate client.tap(&:close), :closed?
      elapsed
    end
  end

  def test_raise
    within_limit do
      thread, client = login_in_flight
      elapsed = seconds { thread.raise(Stop, "enough") && assert_raises(Stop) { join(thread) } }
      client.close
      elapsed
    end
  end

  def test_timeout
    within_limit do
      with_fault("silent-after-request", timeout_ms: 60_000) do |client|
        elapsed = seconds do
          assert_raises(Timeout::Error) { Timeout.timeout(0.2) { client.login("testpress", "demo") } }
        end
        elapsed - 0.2
      end
    end
  end

  def test_timeout_with_a_class
    with_fault("silent-after-request", timeout_ms: 60_000) do |client|
      assert_raises(Stop) { Timeout.timeout(0.1, Stop) { client.login("testpress", "demo") } }
    end
  end

  def test_an_explicit_cancellation
    within_limit do
      call = Testpress::Call.new(timeout: 60)
      in_flight = InFlight.new
      with_fault("silent-after-request", logger: in_flight) do |client|
        thread = Thread.new { client.login("testpress", "demo", call: call) }
        thread.report_on_exception = false
        in_flight.wait
        seconds do
          call.cancel
          assert_instance_of Testpress::CancelledError, ended(thread)
        end
      end
    end
  end

  def test_a_cancelled_call_stays_cancelled
    call = Testpress::Call.new
    refute_predicate call, :cancelled?
    2.times { assert_nil call.cancel }
    assert_predicate call, :cancelled?
    with_institute do |client|
      2.times { assert_raises(Testpress::CancelledError) { client.login("testpress", "demo", call: call) } }
    end
  end

  PHASES = {
    InFlight::RESOLVED => %w[connect-stalls accept-silent handshake-stalls],
    InFlight::CONNECTED => %w[silent-after-tls half-answer-then-silent endless-header-drip drip]
  }.freeze

  def test_in_every_phase
    PHASES.each do |point, names|
      names.each do |name|
        within_limit do
          thread, client = login_in_flight(name, point)
          elapsed = seconds { thread.kill && join(thread) }
          client.close
          elapsed
        end
      end
    end
  end

  def test_other_threads_that_compute_may_delay_it_but_no_more
    stop = false
    busy = Thread.new { nil until stop }
    thread, client = login_in_flight
    thread.kill
    join(thread)
    client.close
  ensure
    stop = true
    join(busy)
  end

  def test_an_interrupt_that_the_caller_has_masked_waits
    in_flight = InFlight.new
    with_fault("silent-after-request", logger: in_flight) do |client|
      error = nil
      thread = Thread.new do
        Thread.handle_interrupt(Stop => :never) do
          error = assert_raises(Testpress::TimeoutError) { client.login("testpress", "demo", timeout: 0.5) }
        end
      end
      thread.report_on_exception = false
      in_flight.wait
      thread.raise(Stop)
      assert_raises(Stop) { join(thread) }
      assert error, "the login went on to its own end"
    end
  end

  def test_two_interrupts_at_once
    before = threads
    20.times do
      thread, client = login_in_flight
      thread.raise(Stop)
      thread.kill
      ended(thread)
      client.close
    end
    assert_operator(seconds { join(*(threads - before)) }, :<, 30)
  end

  def test_who_kills_all_other_threads_meets_no_login
    in_flight = InFlight.new
    with_fault("slow-drip", logger: in_flight) do |client|
      killer = Thread.new do
        in_flight.wait
        (threads - [Thread.main, Thread.current]).each(&:kill)
      end
      assert_match(/\AJWT /, client.login("testpress", "demo").authorization)
      join(killer)
    end
  end

  def test_interrupts_at_every_moment_leave_nothing_behind
    before = threads
    with_institute do |client|
      100.times do |moment|
        thread = Thread.new { client.login("testpress", "demo") }
        thread.report_on_exception = false
        moment.times { Thread.pass }
        thread.public_send(*(moment.even? ? [:kill] : [:raise, Stop]))
        ended(thread)
      end
      assert_equal "testpress", client.login("testpress", "demo").username
    end
    join(*(threads - before))
  end
end
