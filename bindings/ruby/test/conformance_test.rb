# frozen_string_literal: true

require "json"
require_relative "test_case"

# Every case of tests/conformance/cases.json, which all languages run.
class ConformanceTest < TestCase
  CASES = JSON.parse(File.read(File.join(ROOT, "tests/conformance/cases.json"), encoding: "UTF-8"))
  TOKEN_VALUES = %w[username user_id email authorization header jwt claims].freeze
  ERROR_VALUES = %w[http_status server_code server_message server_body retry_after retryable request_sent
                    field_errors].freeze
  ERROR_TEXTS = %i[message server_code server_message server_body].freeze
  CHECKED = TOKEN_VALUES + ERROR_VALUES + %w[status expires claims_contain message_contains]

  CASES.each do |conformance_case|
    define_method("test_#{conformance_case['name'].gsub(/\W+/, '_')}") { run_case(conformance_case) }
  end

  def test_every_case_is_run
    assert_equal CASES.size, self.class.runnable_methods.size - 1
    assert_operator CASES.size, :>=, 40
  end

  private

  def run_case(conformance_case)
    expect = conformance_case["expect"]
    assert_empty expect.keys - CHECKED, "this test does not know these"
    Testpress::Client.open(where(conformance_case), **options(conformance_case)) do |client|
      token = client.login(conformance_case["username"], conformance_case["password"])
      assert_equal expect["status"], "TP_OK"
      check_token(token, client, expect)
    end
  rescue Testpress::Error => error
    check_error(error, expect, conformance_case["password"])
  end

  def where(conformance_case)
    server = conformance_case["server"]
    case server
    when nil then conformance_case["institute"]
    when "institute" then institute
    else fault(server.delete_prefix("fault:"))
    end
  end

  def options(conformance_case)
    options = conformance_case.fetch("options", {}).transform_keys(&:to_sym)
    options = { ca_file: faults_ca, **options } if conformance_case["server"].to_s.start_with?("fault:")
    options
  end

  def check_token(token, client, expect)
    TOKEN_VALUES.each { |name| check_value(name, token, expect) }
    assert_empty expect.fetch("claims_contain", []) - token.claims.keys
    check_expiry(token, expect["expires"]) if expect.key?("expires")
    assert_equal "JWT #{token.jwt}", token.authorization
    assert_equal "Authorization: #{token.authorization}", token.header
    assert_equal client.origin, token.origin
  end

  def check_expiry(token, expires)
    return assert_nil token.expires_at unless expires

    assert_operator token.expires_at, :>, Time.now
    assert_operator token.expires_in, :>, 0
  end

  def check_error(error, expect, password)
    assert_equal expect["status"], error.status_name, error.message
    assert_instance_of Testpress::STATUSES[error.status], error
    ERROR_VALUES.each { |name| check_value(name, error, expect) }
    expect.fetch("message_contains", []).each { |part| assert_includes error.message, part }
    return if password.length < 5

    ERROR_TEXTS.each { |text| refute_includes error.public_send(text).to_s, password }
  end

  def check_value(name, object, expect)
    return unless expect.key?(name)

    value = object.public_send(name)
    expect[name].nil? ? assert_nil(value, name) : assert_equal(expect[name], value, name)
  end
end
