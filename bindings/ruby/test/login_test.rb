# frozen_string_literal: true

require_relative "test_case"

# Logging in to a real institute, the ways that programs do.
class LoginTest < TestCase
  def test_one_call
    token = Testpress.login(institute, "testpress", "demo", timeout: 20, user_agent: "one call")
    assert_equal "testpress", token.username
    assert_equal institute, token.origin
  end

  def test_one_call_says_what_failed
    error = assert_raises(Testpress::RejectedError) { Testpress.login(institute, "testpress", "wrong") }
    assert_equal 20, error.status
    assert_equal "TP_E_REJECTED", error.status_name
    assert_equal 400, error.http_status
    assert_includes error.server_message, "Unable to log in"
    refute_predicate error, :retryable?
    assert_predicate error, :request_sent?
  end

  def test_a_client_logs_in_again_and_again
    client = Testpress::Client.new(institute)
    assert_equal institute, client.origin
    jwts = Array.new(3) { client.login("testpress", "demo").jwt }
    assert_equal 3, jwts.uniq.size
  ensure
    client.close
  end

  def test_the_block_form_returns_the_blocks_value_and_closes
    kept = nil
    value = with_institute do |client|
      kept = client
      :value
    end
    assert_equal :value, value
    assert_predicate kept, :closed?
  end

  def test_the_block_form_closes_when_the_block_raises
    kept = nil
    assert_raises(KeyError) do
      with_institute do |client|
        kept = client
        raise KeyError
      end
    end
    assert_predicate kept, :closed?
  end

  def test_open_without_a_block_returns_the_client
    client = Testpress::Client.open(institute)
    refute_predicate client, :closed?
    client.close
  end

  def test_options_are_what_the_library_knows
    error = assert_raises(Testpress::InvalidArgumentError) { Testpress::Client.new("demo", colour: "red") }
    assert_includes error.message, "colour"
    assert_includes error.message, "timeout_ms"
  end

  def test_options_are_turned_into_strings
    error = assert_raises(Testpress::NotFoundError) do
      with_institute(api_version: "v9.9", timeout_ms: 20_000, allow_http: false, login_encoding: :json) do |client|
        client.login("testpress", "demo")
      end
    end
    assert_includes error.message, "api_version"
  end

  def test_an_option_of_nil_is_the_default
    with_institute(device_uid: nil, ca_file: nil) { |client| assert client.login("testpress", "demo") }
  end

  def test_a_timeout_of_its_own
    with_fault("silent-after-request") do |client|
      error = assert_raises(Testpress::TimeoutError) { client.login("testpress", "demo", timeout: 0.2) }
      assert_includes error.message, "200 ms"
      assert_predicate error, :request_sent?
      assert_predicate error, :retryable?
    end
  end

  def test_a_timeout_that_has_passed
    with_institute do |client|
      [0, -1, 0.0, -Float::INFINITY].each do |timeout|
        assert_raises(Testpress::TimeoutError) { client.login("testpress", "demo", timeout: timeout) }
      end
    end
  end

  def test_timeouts_of_every_kind_of_number
    with_institute do |client|
      [30, 30.5, 61/2r, 10**30, Float::INFINITY].each do |timeout|
        assert client.login("testpress", "demo", timeout: timeout)
      end
    end
  end

  def test_the_wait_that_a_server_asks_for
    with_fault("throttled") do |client|
      error = assert_raises(Testpress::ThrottledError) { client.login("testpress", "demo") }
      assert_equal 60, error.retry_after
    end
  end

  def test_the_version_of_the_library
    assert_match(/\A\d+\.\d+\.\d+\z/, Testpress.library_version)
  end
end
