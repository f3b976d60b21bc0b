# frozen_string_literal: true

require_relative "test_case"

# Under valgrind no handle is used after it was freed, nor freed twice. Ruby itself reads what it has not written, so
# that is not looked at; what it leaks at its end neither.
class ValgrindTest < TestCase
  FOLDER = File.join(__dir__, "valgrind")
  SUPPRESSIONS = File.join(FOLDER, "ruby.supp")
  VALGRIND = ["valgrind", "--quiet", "--error-exitcode=99", "--undef-value-errors=no", "--leak-check=no",
              "--fair-sched=yes", "--suppressions=#{SUPPRESSIONS}"].freeze

  def under_valgrind(*arguments)
    command = [*VALGRIND, *RUBY, *arguments]
    Timeout.timeout(10 * PATIENCE) { Open3.capture2e(*command) }
  end

  def test_no_handle_is_used_too_late
    faults = %w[silent-after-request slow-drip].map { |name| fault(name) }
    output, status = under_valgrind(File.join(FOLDER, "lifetimes.rb"), *faults)
    assert_equal "done\n", output
    assert_predicate status, :success?
  end

  def test_valgrind_would_notice
    output, status = under_valgrind("-r", "testpress", "-e", <<~RUBY)
      token = Testpress::Token.from_jwt("demo", "abc")
      address = token.instance_variable_get(:@handle).use { |it| it }
      token.close
      address.read_bytes(1)
    RUBY
    assert_includes output, "Invalid read"
    assert_equal 99, status.exitstatus
  end
end
