# frozen_string_literal: true

require "minitest/mock"
require_relative "test_case"

# A process at its limits: an error that says so, and all is well when there is room again.
class ExhaustionTest < TestCase
  def test_no_descriptors
    output = ruby(<<~RUBY)
      client = Testpress::Client.new(ENV.fetch("TESTPRESS_INSTITUTE"))
      client.login("testpress", "demo")
      files = []
      begin
        loop { files << File.open(IO::NULL) }
      rescue Errno::EMFILE
        begin
          client.login("testpress", "demo")
        rescue Testpress::InternalError
          puts "no descriptors"
        end
      end
      files.each(&:close)
      puts client.login("testpress", "demo").username
    RUBY
    assert_equal "no descriptors\ntestpress\n", output
  end

  def test_no_threads
    with_institute do |client|
      Thread.stub(:new, ->(*) { raise ThreadError, "can't create Thread" }) do
        error = assert_raises(Testpress::InternalError) { client.login("testpress", "demo") }
        assert_includes error.message, "can't create Thread"
      end
      assert_equal "testpress", client.login("testpress", "demo").username
    end
  end
end
