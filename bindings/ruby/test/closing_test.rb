# frozen_string_literal: true

require_relative "in_flight"
require_relative "test_case"

# Closing, at the end, too early, twice, and while others are at it.
class ClosingTest < TestCase
  def test_a_closed_client_raises
    client = Testpress::Client.new(institute)
    assert_nil client.close
    error = assert_raises(Testpress::ClosedError) { client.login("testpress", "demo") }
    assert_kind_of Testpress::InvalidArgumentError, error
    assert_equal "the client is closed", error.message
    assert_raises(Testpress::ClosedError) { client.origin }
  end

  def test_closing_twice_is_fine
    client = Testpress::Client.new(institute)
    3.times { assert_nil client.close }
    assert_predicate client, :closed?
  end

  def test_a_login_under_way_goes_on_to_its_end
    in_flight = InFlight.new
    client = Testpress::Client.new(fault("slow-drip"), ca_file: faults_ca, logger: in_flight)
    thread = Thread.new { client.login("testpress", "demo") }
    in_flight.wait
    client.close
    assert_raises(Testpress::ClosedError) { client.login("testpress", "demo") }
    join(thread)
    assert_match(/\AJWT /, thread.value.authorization)
  end

  def test_threads_that_log_in_and_close
    30.times do
      client = Testpress::Client.new(institute)
      logins = Array.new(3) do
        Thread.new do
          client.login("testpress", "demo").username
        rescue Testpress::ClosedError
          "closed"
        end
      end
      closers = Array.new(2) { Thread.new { client.close } }
      join(*logins, *closers)
      assert_empty logins.map(&:value) - %w[testpress closed]
    end
  end

  def test_threads_that_read_and_close_a_token
    30.times do
      token = Testpress::Token.from_jwt("demo", "abc")
      readers = Array.new(4) do
        Thread.new do
          Array.new(50) { token.authorization }.uniq
        rescue Testpress::ClosedError
          ["JWT abc"]
        end
      end
      join(*readers, Thread.new { token.close }, Thread.new { token.close })
      assert_equal [["JWT abc"]], readers.map(&:value).uniq
    end
  end

  def test_cancelling_after_the_end
    call = Testpress::Call.new
    with_institute { |client| client.login("testpress", "demo", call: call) }
    assert_nil call.cancel
  end

  def test_frozen_handles_work
    client = Testpress::Client.new(institute).freeze
    token = client.login("testpress", "demo", call: Testpress::Call.new).freeze
    assert_equal "testpress", token.username
    [client, token].each(&:close)
    assert_equal [true, true], [client, token].map(&:closed?)
  end
end
