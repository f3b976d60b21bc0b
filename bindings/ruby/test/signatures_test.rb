# frozen_string_literal: true

require_relative "test_case"

# Other tests once more, with every call checked against sig/testpress.rbs.
class SignaturesTest < TestCase
  CHECKING = {
    "RBS_TEST_TARGET" => "Testpress,Testpress::*", "RBS_TEST_OPT" => "-I #{BINDING}/sig",
    "RBS_TEST_RAISE" => "true", "RBS_TEST_LOGLEVEL" => "error"
  }.freeze

  def test_the_signatures_are_true
    skip "no rbs" if Gem::Specification.find_all_by_name("rbs").empty?
    tests = %w[login token closing session session_net_http].map { |name| File.join(__dir__, "#{name}_test.rb") }
    command = [*RUBY - ["-w"], "-r", "logger", "-r", "rbs/test/setup", "-e", "ARGV.each { |test| require test }"]
    output, = Open3.capture2e(CHECKING, *command, *tests)
    assert_match(/^[1-9]\d+ passed, 0 failed$/, output)
  end
end
