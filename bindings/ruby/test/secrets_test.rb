# frozen_string_literal: true

require "json"
require "pp" # rubocop:disable Lint/RedundantRequireStatement -- pretty_inspect is not there without
require "yaml"
require_relative "test_case"

# No text and no copy of an object has a secret.
class SecretsTest < TestCase
  CANARY = "canary.JWT.c4n4ry"
  PASSWORD = "geheim-hunter2"

  def token
    @token ||= Testpress::Token.from_jwt("demo", CANARY)
  end

  def client
    @client ||= Testpress::Client.new(institute)
  end

  def call
    @call ||= Testpress::Call.new(timeout: 5)
  end

  def session
    @session ||= Testpress::Session.new(client, "c4n4ry-user", PASSWORD)
  end

  # Every way that objects end up in a log.
  def texts(object)
    [object.inspect, object.to_s, object.pretty_inspect, object.to_json, [object].inspect,
     { object => object }.inspect, Struct.new(:it).new(object).inspect, "a #{object}",
     object.instance_variables.map { |name| object.instance_variable_get(name).inspect }.join]
  end

  def test_no_text_of_a_token_shows_it
    (texts(token) + texts(token.instance_variable_get(:@handle))).each { |text| refute_includes text, "c4n4ry" }
    assert_equal "#<Testpress::Token for https://demo.testpress.in>", token.inspect
    token.close
    assert_equal "#<Testpress::Token closed>", token.inspect
  end

  def test_no_text_of_a_session_shows_its_credentials
    (texts(session) + texts(session.instance_variable_get(:@handle))).each do |text|
      refute_includes text, "c4n4ry"
      refute_includes text, PASSWORD
    end
    assert_equal "#<Testpress::Session of #{institute}>", session.inspect
    session.close
    assert_equal "#<Testpress::Session closed>", session.to_s
  end

  def test_errors_of_a_session_show_no_credentials
    errors = Array.new(2) { assert_raises(Testpress::RejectedError) { session.token } }
    errors << assert_raises(Testpress::ClosedError) { session.tap(&:close).token }
    texts = errors.flat_map { |error| [error.full_message, error.inspect, error.to_json, Marshal.dump(error).b] }
    texts.each do |text|
      refute_includes text, PASSWORD
      refute_includes text, "c4n4ry"
    end
  end

  def test_the_other_objects_say_what_they_are
    assert_equal "#<Testpress::Client #{institute}>", client.inspect
    assert_equal "#<Testpress::Call>", call.inspect
    call.cancel
    assert_equal "#<Testpress::Call cancelled>", call.to_s
    client.close
    assert_equal "#<Testpress::Client closed>", client.to_s
  end

  def test_no_copies
    [token, client, session, call, token.instance_variable_get(:@handle)].each do |object|
      assert_raises(TypeError) { object.dup }
      assert_raises(TypeError) { object.clone }
      assert_raises(TypeError) { object.clone(freeze: false) }
      assert_raises(TypeError) { Kernel.instance_method(:dup).bind(object).call } unless object.is_a?(Testpress::Handle)
    end
    GC.start
    assert_equal CANARY, token.jwt, "no copy has freed it"
    assert_equal institute, client.origin
  end

  def test_no_dumps
    [token, client, session, call, token.instance_variable_get(:@handle)].each do |object|
      assert_raises(TypeError) { Marshal.dump(object) }
      assert_raises(TypeError) { Marshal.dump([object]) }
      assert_raises(TypeError) { YAML.dump(object) }
    end
  end

  def test_no_loads
    assert_raises(TypeError) { Marshal.load("\x04\bU:\x15Testpress::Tokeni\x00") } # rubocop:disable Security/MarshalLoad
  end

  def test_errors_show_no_password
    errors = [
      assert_raises(Testpress::RejectedError) { Testpress.login(institute, "testpress", PASSWORD) },
      assert_raises(Testpress::Error) { with_fault("echoes-request") { |it| it.login("testpress", PASSWORD) } },
      assert_raises(Testpress::Error) { with_fault("redirect-with-secrets") { |it| it.login("testpress", PASSWORD) } },
      assert_raises(Testpress::Error) { with_fault("token-with-crlf") { |it| it.login("testpress", PASSWORD) } }
    ]
    errors.each do |error|
      text = [error.message, error.inspect, error.full_message, error.pretty_inspect, error.to_json,
              Marshal.dump(error), error.server_body, error.server_message, error.field_errors.inspect].join("\n")
      refute_includes text.b, PASSWORD
    end
  end

  # Logs in with a wrong password, which comes from outside, and stays alive to be looked at.
  WRONG_LOGINS = <<~RUBY
    $stdout.sync = true
    client = Testpress::Client.new(ENV.fetch("TESTPRESS_INSTITUTE"))
    password = $stdin.readline(chomp: true)
    puts "before"
    $stdin.readline
    5.times do
      client.login("testpress", password)
    rescue Testpress::RejectedError
      nil
    end
    puts "after"
    $stdin.readline
  RUBY

  def test_the_password_is_nowhere_but_in_the_callers_string
    password = Array.new(30) { rand(97..122).chr }.join
    Open3.popen2(*RUBY, "-r", "testpress", "-e", WRONG_LOGINS) do |stdin, stdout, waiter|
      stdin.puts password
      counts = %w[before after].map do |moment|
        assert_equal moment, stdout.readline(chomp: true)
        occurrences(password, waiter.pid).tap { stdin.puts }
      end
      assert_operator counts.first, :>, 0, "the search finds what is there"
      assert_operator counts.last, :<=, counts.first
    end
  end

  def test_the_copy_of_a_password_is_wiped
    memory = nil
    Testpress::Text.lend("password", PASSWORD) do |native|
      memory = native
      assert_equal PASSWORD, native.read_string
    end
    assert_equal "\0" * (PASSWORD.bytesize + 1), memory.read_bytes(memory.size)
  end

  def test_the_copy_is_wiped_when_the_login_fails_or_is_interrupted
    memory = nil
    catch(:out) { Testpress::Text.lend("password", PASSWORD) { |native| throw :out, memory = native } }
    assert_equal "\0", memory.read_bytes(memory.size).squeeze
  end

  private

  # In all memory that a process can write to.
  def occurrences(text, pid)
    areas = File.readlines("/proc/#{pid}/maps").map { |line| line[/\A(\h+-\h+) rw/, 1] }.compact
    File.open("/proc/#{pid}/mem", "rb") do |memory|
      areas.sum do |area|
        from, to = area.split("-").map(&:hex)
        memory.seek(from)
        memory.read(to - from).scan(text).size
      rescue SystemCallError
        0
      end
    end
  end
end
