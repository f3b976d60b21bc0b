# frozen_string_literal: true

require "faraday"
require "logger"
require_relative "counting_institute"
require_relative "test_case"
require "testpress/faraday"

# Faraday 1 has its redirects in another gem than Faraday 2.
begin
  require "faraday_middleware"
rescue LoadError
  require "faraday/follow_redirects"
end

# The Faraday middleware with a session in the token's place.
class SessionFaradayTest < TestCase
  def with_session
    CountingInstitute.open do |institute|
      Testpress::Session.open(institute.client, "ada", "right") { |session| yield session, institute }
    end
  end

  # The block adds middlewares outside of ours, inside adds them between ours and the adapter.
  def connection(institute, source, inside: nil, &outside)
    Faraday.new(institute.origin, ssl: { ca_file: institute.ca_file }) do |faraday|
      outside&.call(faraday)
      faraday.request :testpress, source
      inside&.call(faraday)
      faraday.adapter :net_http
    end
  end

  # What the server says that it was asked.
  def seen(answer)
    JSON.parse(answer.body)
  end

  # A session whose token the server does not accept any more.
  def with_stale_session
    with_session do |session, institute|
      session.token
      institute.withdraw
      yield session, institute
    end
  end

  def test_the_profile_of_a_real_institute
    with_institute do |client|
      session = Testpress::Session.new(client, "testpress", "demo")
      faraday = Faraday.new(session.origin, ssl: { ca_file: ENV.fetch("SSL_CERT_FILE") }) do |builder|
        builder.request :testpress, session
        builder.adapter :net_http
      end
      assert_equal "testpress", JSON.parse(faraday.get("/api/v2.2/me/").body)["username"]
    end
  end

  def test_a_401_is_answered_with_a_new_token
    with_stale_session do |session, institute|
      answer = connection(institute, session).get("/me")
      assert_equal [200, session.authorization], [answer.status, seen(answer)["authorization"]]
      assert_equal [2, 2], [institute.logins, institute.requests]
      assert_nil answer.env.request_headers["Authorization"]
    end
  end

  def test_what_gives_a_session_is_as_good
    with_stale_session do |session, institute|
      assert_equal 200, connection(institute, -> { session }).get("/me").status
    end
  end

  def test_the_second_401_is_the_answer_and_its_token_goes_on
    with_session do |session, institute|
      institute.withdraw(forever: true)
      connection = connection(institute, session)
      answer = connection.get("/me")
      assert_equal 401, answer.status
      assert_equal [2, 2], [institute.logins, institute.requests]
      4.times do
        later = connection.get("/me")
        assert_equal [401, seen(answer)], [later.status, seen(later)]
      end
      assert_equal seen(answer)["authorization"], session.authorization
      assert_equal 2, institute.logins
    end
  end

  def test_a_401_that_is_raised_inside_is_told_too
    with_stale_session do |session, institute|
      token = session.token
      raising = connection(institute, session, inside: ->(faraday) { faraday.response :raise_error })
      once = once("text")
      assert_raises(Faraday::UnauthorizedError) { raising.post("/me", once, headers(once)) }
      assert_equal 1, institute.requests
      refute_equal token.jwt, session.token.jwt
    end
  end

  def test_a_login_that_fails_after_a_401_says_why
    with_stale_session do |session, institute|
      institute.refuse_logins
      assert_raises(Testpress::RejectedError) { connection(institute, session).get("/me") }
      assert_equal [2, 1], [institute.logins, institute.requests]
    end
  end

  def test_errors_that_are_raised_inside_and_outside
    raising = ->(faraday) { faraday.response :raise_error }
    [{ inside: raising }, {}].each do |how|
      with_stale_session do |session, institute|
        connection = connection(institute, session, **how, &(raising if how.empty?))
        assert_equal 200, connection.get("/me").status
        institute.withdraw(forever: true)
        error = assert_raises(Faraday::UnauthorizedError) { connection.get("/me") }
        # The body is the server's, which tells what it was asked.
        refute_includes error.response.reject { |part,| part == :body }.inspect, "eyJ"
      end
    end
  end

  def test_bodies_that_can_be_read_again
    form = ->(faraday) { faraday.request :url_encoded }
    { "a text" => nil, StringIO.new("a text") => nil, { "a" => "text" } => { inside: form } }.each do |body, how|
      with_stale_session do |session, institute|
        answer = connection(institute, session, **how.to_h).post("/me", body, headers(body))
        assert_equal [200, how ? "a=text" : "a text"], [answer.status, seen(answer)["body"]]
        assert_equal 2, institute.requests
      end
    end
  end

  def test_a_form_with_a_file
    multipart = ->(faraday) { faraday.request :multipart }
    [{ inside: multipart }, {}].each do |how|
      with_stale_session do |session, institute|
        connection = connection(institute, session, **how, &(multipart if how.empty?))
        answer = connection.post("/me", file: Faraday::FilePart.new(StringIO.new("content"), "text/plain"))
        assert_equal 200, answer.status
        assert_includes seen(answer)["body"], "content"
      end
    end
  end

  def test_a_body_that_can_be_read_once_is_sent_once
    with_stale_session do |session, institute|
      once = once("once")
      answer = connection(institute, session).post("/me", once, headers(once))
      assert_equal [401, "once"], [answer.status, seen(answer)["body"]]
      assert_equal 1, institute.requests
      assert_equal 200, connection(institute, session).get("/me").status, "the next has another token"
    end
  end

  def test_an_answer_that_was_handed_out_is_not_asked_for_again
    with_stale_session do |session, institute|
      chunks = []
      connection(institute, session).get("/me") { |request| request.options.on_data = ->(chunk, *) { chunks << chunk } }
      assert_equal 1, institute.requests
      assert_equal 1, chunks.join.scan("authorization").size
      assert_equal 200, connection(institute, session).get("/me").status
    end
  end

  # Keeps requests until run, as adapters for many requests at once do.
  class ParallelAdapter < Faraday::Adapter
    self.supports_parallel = true

    class << self
      attr_accessor :kept

      def setup_parallel_manager(_options = nil)
        self.kept = []
        self
      end

      def run
        kept.each do |env|
          env.status = 401
          env.response.finish(env)
        end
      end
    end

    def call(env)
      super
      self.class.kept << env
      env.response
    end
  end

  def test_a_request_in_parallel_is_sent_once_and_its_401_told
    with_session do |session, institute|
      faraday = Faraday.new(institute.origin) do |builder|
        builder.request :testpress, session
        builder.adapter ParallelAdapter
      end
      old = session.token.jwt
      answer = nil
      faraday.in_parallel(ParallelAdapter.setup_parallel_manager) do
        answer = faraday.get("/me")
        assert_equal "JWT #{old}", ParallelAdapter.kept.first.request_headers["Authorization"]
      end
      assert_equal 401, answer.status
      assert_nil answer.env.request_headers["Authorization"]
      refute_equal old, session.token.jwt
    end
  end

  def test_redirects_and_other_hosts_see_no_header
    with_stale_session do |session, institute|
      connection = connection(institute, session) { |faraday| faraday.response :follow_redirects }
      assert_nil seen(connection.get("/away"))["authorization"]
      assert_nil seen(connection.get("#{institute.abroad}/me"))["authorization"]
      assert_equal 1, institute.logins, "and cost no login"
      assert_match(/\AJWT /, seen(connection.get("/me"))["authorization"])
    end
  end

  def test_a_header_of_its_own_is_kept_and_its_401_too
    with_session do |session, institute|
      answer = connection(institute, session).get("/me", nil, "Authorization" => "Basic eA==")
      assert_equal [401, "Basic eA=="], [answer.status, seen(answer)["authorization"]]
      assert_equal 0, institute.logins
    end
  end

  def test_nothing_keeps_the_secret
    with_stale_session do |session, institute|
      output = StringIO.new
      connection = connection(institute, session) do |faraday|
        faraday.response :logger, Logger.new(output), headers: true, bodies: false
      end
      [connection.get("/me").env.request_headers, connection.inspect, output.string].each do |text|
        refute_includes text.inspect, session.token.jwt
      end
    end
  end

  def test_a_login_that_is_refused
    CountingInstitute.open do |institute|
      session = Testpress::Session.new(institute.client, "ada", "wrong")
      2.times { assert_raises(Testpress::RejectedError) { connection(institute, session).get("/me") } }
      assert_equal [1, 0], [institute.logins, institute.requests]
    end
  end

  private

  # A body that can be read once.
  def once(text)
    reader, writer = IO.pipe
    writer << text
    writer.close
    reader
  end

  def headers(body)
    return {} if body.is_a?(Hash)

    { "Content-Type" => "text/plain" }.merge(body.is_a?(String) ? {} : { "Transfer-Encoding" => "chunked" })
  end
end
