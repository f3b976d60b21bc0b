# frozen_string_literal: true

require_relative "test_case"

# The exceptions: one class for each status of the header.
class ErrorsTest < TestCase
  HEADER = File.join(ROOT, "include/testpress.h")

  def header_statuses
    File.read(HEADER).scan(/^#define (TP_E_\w+) (\d+)/).to_h { |name, number| [number.to_i, name] }
  end

  def test_the_table_is_the_headers
    refute_empty header_statuses
    assert_equal header_statuses, Testpress::STATUS_NAMES
  end

  def test_the_library_has_the_same_names
    Testpress.library_version
    Testpress::STATUS_NAMES.each do |number, name|
      assert_equal name, Testpress::Native.tp_status_name(number)
    end
  end

  def test_each_status_has_a_class_of_its_own
    assert_equal Testpress::STATUSES.size, Testpress::STATUSES.values.uniq.size
    Testpress::STATUSES.each do |number, error_class|
      assert_equal number, error_class.status
      assert_equal number, error_class.new.status
      assert_operator error_class, :<, Testpress::Error
    end
  end

  def test_the_groups
    groups = Testpress::STATUSES.group_by { |_number, error_class| error_class.superclass }
    numbers = groups.transform_values { |pairs| pairs.map(&:first) }
    assert_equal({
                   Testpress::Error => [1, 2, 3, 4],
                   Testpress::NetworkError => (10..15).to_a,
                   Testpress::RefusedError => (20..27).to_a,
                   Testpress::ServerFaultError => [40, 41]
                 }, numbers)
  end

  def test_an_unknown_status_is_the_base_class
    Testpress.library_version
    error = assert_raises(Testpress::Error) { Testpress::Failure.check { 99 } }
    assert_instance_of Testpress::Error, error
    assert_equal 99, error.status
    assert_equal "TP_E_?", error.status_name
    refute_empty error.message
  end

  def test_every_attribute_is_there_without_an_answer
    error = assert_raises(Testpress::InvalidArgumentError) { Testpress::Client.new("a b") }
    assert_equal [1, "TP_E_INVALID_ARGUMENT"], [error.status, error.status_name]
    nothing = %i[http_status server_code server_message server_body retry_after].map { |name| error.public_send(name) }
    assert_equal [nil] * 5, nothing
    assert_equal({}, error.field_errors)
    assert_equal [false, false], [error.retryable, error.request_sent]
  end

  def test_the_bindings_own_errors_have_them_too
    error = assert_raises(Testpress::InvalidArgumentError) { Testpress::Client.new(nil) }
    assert_equal [1, "TP_E_INVALID_ARGUMENT", {}, false],
                 [error.status, error.status_name, error.field_errors, error.retryable]
    assert_equal [nil, nil], [Testpress::LibraryError.new.status, Testpress::LibraryError.new.status_name]
    assert_equal 1, Testpress::ClosedError.new.status
  end

  def test_field_errors
    with_fault("field-type") do |client|
      error = assert_raises(Testpress::BadRequestError) { client.login("testpress", "demo") }
      refute_empty error.field_errors
      assert error.field_errors.values.flatten.all?(String)
    end
  end

  def test_the_backtrace_leads_to_the_caller
    error = assert_raises(Testpress::RejectedError) { Testpress.login(institute, "testpress", "wrong") }
    assert(error.backtrace.any? { |line| line.include?(__FILE__) })
    assert_nil error.cause
  end

  def test_errors_travel_between_processes
    error = assert_raises(Testpress::RejectedError) { Testpress.login(institute, "testpress", "wrong") }
    copy = Marshal.load(Marshal.dump(error))
    assert_equal [error.message, error.status, error.field_errors], [copy.message, copy.status, copy.field_errors]
  end
end
