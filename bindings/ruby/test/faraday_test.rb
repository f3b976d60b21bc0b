# frozen_string_literal: true

require "faraday"
require "logger"
require_relative "test_case"
require_relative "two_origins"
require "testpress/faraday"

# Faraday 1 has its redirects in another gem than Faraday 2.
begin
  require "faraday_middleware"
rescue LoadError
  require "faraday/follow_redirects"
end

# The Faraday middleware, with and without redirects.
class FaradayTest < TestCase
  def connection(url, token, ca_file, &middlewares)
    Faraday.new(url, ssl: { ca_file: ca_file }) do |faraday|
      middlewares&.call(faraday)
      faraday.request :testpress, token
      faraday.adapter :net_http
    end
  end

  def test_the_profile_of_a_real_institute
    token = Testpress.login(institute, "testpress", "demo")
    answer = connection(institute, token, ENV.fetch("SSL_CERT_FILE")).get("/api/v2.2/me/")
    assert_equal 200, answer.status
    assert_equal "testpress", JSON.parse(answer.body)["username"]
  end

  def test_a_redirect_of_a_real_institute
    token = Testpress.login(institute, "testpress", "demo")
    redirecting = connection(institute, token, ENV.fetch("SSL_CERT_FILE")) { |it| it.response :follow_redirects }
    assert_equal 200, redirecting.get("/api/v2.2/me").status
  end

  def test_redirects_between_real_servers
    with_two_origins do |servers, token|
      connection = connection(servers.home, token, servers.ca_file) { |it| it.response :follow_redirects }
      { "/me" => "JWT abc.def", "/near" => "JWT abc.def", "/round" => "JWT abc.def",
        "/away" => nil, "/away-307" => nil, "/away-without-scheme" => nil }.each do |path, header|
        answer = JSON.parse(connection.get(path).body)["authorization"]
        header.nil? ? assert_nil(answer, path) : assert_equal(header, answer, path)
      end
      assert_equal [nil], servers.seen_abroad.uniq
    end
  end

  def test_a_request_to_another_host_by_its_whole_address
    with_two_origins do |servers, token|
      connection = connection(servers.home, token, servers.ca_file)
      assert_nil JSON.parse(connection.get("#{servers.abroad}/me").body)["authorization"]
      assert_equal "JWT abc.def", JSON.parse(connection.get("/me").body)["authorization"]
    end
  end

  def test_a_certificate_that_is_not_trusted_gets_no_request
    with_two_origins do |servers, token|
      strict = connection(servers.home, token, faults_ca)
      assert_raises(Faraday::SSLError) { strict.get("/me") }
    end
  end

  def test_redirects_inside_are_refused
    wrong = Faraday.new("https://demo.testpress.in") do |faraday|
      faraday.request :testpress, Testpress::Token.from_jwt("demo", "abc")
      faraday.response :follow_redirects
      faraday.adapter :test
    end
    error = assert_raises(Testpress::InvalidArgumentError) { wrong.get("/") }
    assert_includes error.message, "FollowRedirects"
  end

  def test_a_header_of_its_own_is_kept
    with_two_origins do |servers, token|
      connection = connection(servers.home, token, servers.ca_file)
      answer = connection.get("/me", nil, "Authorization" => "Basic eA==")
      assert_equal "Basic eA==", JSON.parse(answer.body)["authorization"]
    end
  end

  def test_the_token_may_change_from_request_to_request
    with_two_origins do |servers, _token|
      jwts = %w[first second]
      source = -> { Testpress::Token.from_jwt(servers.home, jwts.shift) }
      connection = connection(servers.home, source, servers.ca_file)
      answers = Array.new(2) { JSON.parse(connection.get("/me").body)["authorization"] }
      assert_equal ["JWT first", "JWT second"], answers
    end
  end

  def test_what_is_no_token
    [nil, "JWT abc", 1].each do |wrong|
      assert_raises(Testpress::InvalidArgumentError) { connection("https://demo.testpress.in", wrong, nil).get("/") }
    end
  end

  def test_nothing_keeps_the_secret
    with_two_origins do |servers, token|
      output = StringIO.new
      connection = connection(servers.home, token, servers.ca_file) do |faraday|
        faraday.response :raise_error
        faraday.response :logger, Logger.new(output), headers: true, bodies: false
      end
      answer = connection.get("/near")
      failure = assert_raises(Faraday::ResourceNotFound) { connection.get("/nowhere") }
      [output.string, connection.inspect, answer.inspect, answer.env.inspect, failure.inspect,
       failure.response.inspect].each { |text| refute_includes text, "abc.def" }
    end
  end

  def test_a_failed_request_does_not_keep_it_either
    headers = nil
    spy = Class.new(Faraday::Middleware) do
      define_method(:call) do |env|
        headers = env.request_headers
        @app.call(env)
      end
    end
    dead = connection(fault("dead-port"), Testpress::Token.from_jwt(fault("dead-port"), "abc"), nil) { |it| it.use spy }
    assert_raises(Faraday::ConnectionFailed) { dead.get("/") }
    refute headers.key?("Authorization")
  end

  private

  def with_two_origins
    servers = TwoOrigins.new
    yield servers, Testpress::Token.from_jwt(servers.home, "abc.def")
  ensure
    servers&.stop
  end
end
