# frozen_string_literal: true

require_relative "counting_institute"
require_relative "own_folder"
require_relative "test_case"

# The README's examples of sessions run as they stand there.
class ReadmeTest < TestCase
  include OwnFolder

  README = File.read(File.join(BINDING, "README.md"), encoding: "UTF-8")
  # Heading of a section to the code in it.
  EXAMPLES = README.split(/^##+ /).to_h { |part| [part.lines.first.chomp, part.scan(/^```ruby\n(.*?)^```/m).flatten] }
  CREDENTIALS = 'username, password = "testpress", "demo"'
  # Rails without the rest of it.
  RAILS = <<~RUBY
    # Its own files warn.
    $VERBOSE = nil
    require "active_support"
    require "active_support/cache"
    require "active_support/testing/time_helpers"
    module Rails
      def self.cache
        @cache ||= ActiveSupport::Cache::FileStore.new(ENV.fetch("CACHE"))
      end

      def self.logger
        Logger.new(IO::NULL)
      end
    end
  RUBY

  def examples(heading)
    # The institute that is there in the place of demo.testpress.in.
    EXAMPLES.fetch(heading).map { |code| code.gsub('"demo"', "ENV.fetch('TESTPRESS_INSTITUTE')") }
  end

  def environment
    { "XDG_RUNTIME_DIR" => @folder, "TESTPRESS_USERNAME" => "testpress", "TESTPRESS_PASSWORD" => "demo",
      "CACHE" => File.join(@folder, "cache") }
  end

  def run_example(*parts)
    ruby(parts.join("\n"), env: environment)
  end

  def session
    [CREDENTIALS, examples("Sessions").first.sub("session.token", "p session.token")]
  end

  def test_a_session
    assert_match(/\A"JWT eyJ/, run_example(*session))
    assert_equal ["testpress"], Dir.children(@folder), "and the token is stored"
  end

  def test_requests_in_a_session
    assert_equal 2, examples("Requests in a session").size
    examples("Requests in a session").each do |code|
      assert_includes run_example(*session, code), '"username":"testpress"'
    end
  end

  def test_an_initializer
    assert_includes PUMA_CONFIGURATION, examples("Puma").first.lines.last
    assert_equal "testpress\n", run_example(RAILS, examples("Puma").last, "puts TESTPRESS.token.username")
  end

  # Two processes with one cache, and an hour.
  def test_a_token_in_a_cache
    CountingInstitute.open(lifetime: 3600) do |institute|
      jwts = Array.new(2) { in_cache(institute, "puts CachedToken.fetch(session).jwt") }
      assert_equal 1, jwts.uniq.size
      assert_equal 1, institute.logins
      refute_equal jwts.first, in_cache(institute, <<~RUBY)
        CachedToken.reject(session, CachedToken.fetch(session))
        puts CachedToken.fetch(session).jwt
      RUBY
      assert_equal 2, institute.logins
    end
  end

  def test_a_cached_token_does_not_outlive_its_expiry
    CountingInstitute.open(lifetime: 3600) do |institute|
      assert_equal "true\nfalse\n", in_cache(institute, <<~RUBY)
        include ActiveSupport::Testing::TimeHelpers
        CachedToken.fetch(session)
        [3500, 3545].each { |passed| travel(passed) { puts Rails.cache.exist?(CachedToken::KEY) } }
      RUBY
    end
  end

  def test_a_token_that_lives_for_seconds_is_not_cached
    CountingInstitute.open(lifetime: 30) do |institute|
      assert_equal "false\n", in_cache(institute, <<~RUBY)
        CachedToken.fetch(session)
        puts Rails.cache.exist?(CachedToken::KEY)
      RUBY
    end
  end

  def test_every_public_method_of_a_session_is_told
    section = README[/^## Sessions$.*?(?=^## )/m]
    untold = Testpress::Session.public_instance_methods(false) - %i[lend tell_refused inspect to_s closed?]
    assert_empty(untold.reject { |name| section.match?(/`#{name}[`(]/) })
  end

  PUMA_CONFIGURATION = File.read(File.join(__dir__, "puma", "session.rb"))

  private

  def in_cache(institute, code)
    script = [RAILS, *examples("Rails.cache"), <<~RUBY, code].join("\n")
      session = Testpress::Session.new(Testpress::Client.new(ARGV.first, ca_file: ARGV.last), "ada", "right")
    RUBY
    ruby(script, institute.origin, institute.ca_file, env: environment)
  end
end
