# frozen_string_literal: true

require_relative "test_case"

# Wrong arguments are refused, each with the argument's name and without its value.
class ArgumentsTest < TestCase
  SECRET = "hunter2-geheim"

  def refused(*parts, &block)
    error = assert_raises(Testpress::InvalidArgumentError, &block)
    parts.each { |part| assert_includes error.message, part }
    text = [error.message, error.full_message(highlight: false), error.inspect, error.cause&.full_message].join
    refute_includes text.b, SECRET.b
    error
  end

  def login(username, password)
    with_institute { |client| client.login(username, password) }
  end

  def session(username, password)
    with_institute { |client| Testpress::Session.new(client, username, password) }
  end

  def test_wrong_types
    [nil, 1, :symbol, ["a"], {}, Object.new, 1.5].each do |wrong|
      refused("institute", wrong.class.name) { Testpress::Client.new(wrong) }
      refused("username", wrong.class.name) { login(wrong, SECRET) }
      refused("password", wrong.class.name) { login("testpress", wrong) }
      refused("username", wrong.class.name) { session(wrong, SECRET) }
      refused("password", wrong.class.name) { session("testpress", wrong) }
      refused("institute", wrong.class.name) { Testpress::Token.from_jwt(wrong, SECRET) }
      refused("jwt", wrong.class.name) { Testpress::Token.from_jwt("demo", wrong) }
    end
  end

  def test_what_turns_into_a_string_is_one
    string_like = Struct.new(:to_str).new("demo")
    assert_equal "testpress", login("testpress", string_like).username
  end

  def test_empty
    refused("institute", "empty") { Testpress::Client.new("") }
    refused("username", "empty") { login("", SECRET) }
    refused("password", "empty") { login("testpress", "") }
    refused("jwt") { Testpress::Token.from_jwt("demo", "") }
    refused("timeout_ms") { Testpress::Client.new("demo", timeout_ms: "") }
    refused("option") { Testpress::Client.new("demo", "": "1") }
  end

  def test_a_nul_is_refused_and_not_cut
    refused("institute", "NUL") { Testpress::Client.new("demo\0.example.com") }
    refused("username", "NUL") { login("testpress\0", SECRET) }
    refused("password", "NUL") { login("testpress", "demo\0#{SECRET}") }
    refused("password", "NUL") { login("testpress", "demo\0#{SECRET}".encode("UTF-16LE")) }
    refused("jwt", "NUL") { Testpress::Token.from_jwt("demo", "#{SECRET}\0") }
    refused("user_agent", "NUL") { Testpress::Client.new("demo", user_agent: "a\0b") }
    refused("option", "NUL") { Testpress::Client.new("demo", "timeout_ms\x00": "1") }
  end

  def test_what_is_not_utf8_is_refused
    broken = "#{SECRET}\xff"
    [broken, broken.b, broken.dup.force_encoding("US-ASCII")].each do |wrong|
      refused("institute") { Testpress::Client.new(wrong) }
      refused("username") { login(wrong, SECRET) }
      refused("password") { login("testpress", wrong) }
      refused("jwt") { Testpress::Token.from_jwt("demo", wrong) }
      refused("user_agent", "UTF-8") { Testpress::Client.new("demo", user_agent: wrong) }
    end
  end

  def test_what_cannot_be_transcoded_is_refused_without_its_bytes
    error = refused("password", "UTF-16LE") { login("testpress", "#{SECRET}\xd8".dup.force_encoding("UTF-16LE")) }
    assert_nil error.cause
    refused("password", "Shift_JIS") { login("testpress", "#{SECRET}\xff".dup.force_encoding("Shift_JIS")) }
    refused("password", "UTF-7") { login("testpress", SECRET.dup.force_encoding("UTF-7")) }
  end

  def test_passwords_of_any_encoding
    password = "clé-é-🔑"
    [password, password.b, password.dup.force_encoding("US-ASCII"), password.encode("UTF-16LE"),
     password.encode("UTF-32BE"), password.encode("GB18030"), password.dup.freeze].each do |encoded|
      before = [encoded.dup, encoded.encoding]
      assert_equal "unicode", login("unicode", encoded).username, encoded.encoding.to_s
      assert_equal before, [encoded, encoded.encoding], "the caller's string stays as it is"
    end
  end

  def test_the_locale_does_not_matter
    script = <<~RUBY
      raise unless Encoding.default_external == Encoding::US_ASCII
      client = Testpress::Client.new(ENV.fetch("TESTPRESS_INSTITUTE"))
      [ENV.fetch("PASSWORD"), ARGV.first, $stdin.gets(chomp: true), "clé-é-🔑", "clé-é-🔑".encode("UTF-16")].each do |password|
        token = client.login("unicode", password)
        print token.username, " ", token.username.encoding, "\\n"
      end
      begin
        Testpress::Client.open(ARGV.last, ca_file: ENV.fetch("TESTPRESS_FAULTS_CA")) { |other| other.login("unicode", "é") }
      rescue Testpress::RejectedError => error
        puts error.server_message.encoding, error.server_message.valid_encoding?
      end
    RUBY
    password = "clé-é-🔑"
    environment = { "LC_ALL" => "C", "LANG" => "C", "RUBYOPT" => nil, "PASSWORD" => password }
    output = ruby(script, password, fault("rejected-localised"), env: environment, stdin: "#{password}\n")
    assert_equal("#{"unicode UTF-8\n" * 5}UTF-8\ntrue\n", output)
  end

  def test_a_timeout_that_is_no_number
    with_institute do |client|
      ["5", :five, [5], Float::NAN, Complex(1, 1), true].each do |wrong|
        refused("timeout") { client.login("testpress", SECRET, timeout: wrong) }
      end
    end
  end

  def test_a_call_that_is_none
    with_institute do |client|
      refused("call") { client.login("testpress", SECRET, call: Object.new) }
      refused("timeout") { client.login("testpress", SECRET, call: Testpress::Call.new, timeout: 5) }
    end
  end

  def test_a_session_of_what_is_no_client
    [nil, "demo", Testpress::Client, Object.new].each do |wrong|
      refused("client", wrong.class.name) { Testpress::Session.new(wrong, "testpress", SECRET) }
    end
    closed = Testpress::Client.new("demo").tap(&:close)
    assert_raises(Testpress::ClosedError) { Testpress::Session.new(closed, "testpress", SECRET) }
  end

  def test_credentials_that_a_session_refuses
    refused("username", "empty") { session("", SECRET) }
    refused("password", "NUL") { session("testpress", "#{SECRET}\0") }
    refused("password", "64 KiB") { session("testpress", "x" * 65_537) }
    refused("password", "UTF-8") { session("testpress", "#{SECRET}\xff") }
  end

  def test_what_a_session_can_not_take
    with_institute do |client|
      session = Testpress::Session.new(client, "testpress", "demo")
      [nil, "JWT abc", session].each { |wrong| refused("token", wrong.class.name) { session.reject(wrong) } }
      refused("call") { session.token(call: Object.new) }
      refused("timeout") { session.token(timeout: "5") }
      refused("timeout") { session.token(timeout: 5, call: Testpress::Call.new) }
    end
  end

  def test_a_session_has_passwords_of_any_encoding
    password = "clé-é-🔑"
    [password, password.encode("UTF-16LE"), password.b].each do |encoded|
      assert_equal "unicode", session("unicode", encoded).token.username
    end
  end

  def test_the_options_of_a_session
    refused("store", "memory") { Testpress::Client.new("demo", store: "nowhere") }
    refused("store") { Testpress::Client.new("demo", store: "file:relative") }
    refused("expiry_leeway", "auto") { Testpress::Client.new("demo", expiry_leeway: -1) }
    [{ store: :file }, { store: "file:/tmp/x" }, { expiry_leeway: 30 }, { expiry_leeway: "auto", store: nil }]
      .each { |options| Testpress::Client.new("demo", **options).close }
  end

  def test_absurd_lengths
    refused("password", "64 KiB") { login("testpress", "x" * 65_537) }
    refused("username") { login("x" * 1_000_000, SECRET) }
    refused("jwt") { Testpress::Token.from_jwt("demo", "x" * 8193) }
  end
end
