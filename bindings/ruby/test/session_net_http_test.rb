# frozen_string_literal: true

require "net/http"
require_relative "counting_institute"
require_relative "test_case"

# Requests of Net::HTTP in a session: with a header that is good, to its origin only, and sent again after a 401.
class SessionNetHttpTest < TestCase
  def with_session
    CountingInstitute.open do |institute|
      Testpress::Session.open(institute.client, "ada", "right") { |session| yield session, institute }
    end
  end

  def http(origin, ca_file)
    uri = URI(origin)
    Net::HTTP.new(uri.hostname, uri.port).tap { |http| http.use_ssl = true and http.ca_file = ca_file }
  end

  # The answer, and what the server says that it was asked.
  def ask(session, institute, request = Net::HTTP::Get.new("/me"), origin: institute.origin, &block)
    answer = session.request(http(origin, institute.ca_file), request, &block)
    assert_nil request["Authorization"], "no header is left in the request"
    [answer.code, JSON.parse(answer.body)]
  end

  def test_the_profile_of_a_real_institute
    with_institute do |client|
      session = Testpress::Session.new(client, "testpress", "demo")
      uri = URI("#{institute}/api/v2.2/me/")
      answer = Net::HTTP.start(uri.host, uri.port, use_ssl: true) do |http|
        session.request(http, Net::HTTP::Get.new(uri))
      end
      assert_equal "testpress", JSON.parse(answer.body)["username"]
    end
  end

  def test_a_401_is_answered_with_a_new_token
    with_session do |session, institute|
      first = session.token
      institute.withdraw
      code, seen = ask(session, institute)
      assert_equal "200", code
      assert_equal "JWT #{session.token.jwt}", seen["authorization"]
      refute_equal first.authorization, seen["authorization"]
      assert_equal [2, 2], [institute.logins, institute.requests]
    end
  end

  def test_the_second_401_is_the_answer_and_its_token_goes_on
    with_session do |session, institute|
      institute.withdraw(forever: true)
      code, seen = ask(session, institute)
      assert_equal "401", code
      assert_equal [2, 2], [institute.logins, institute.requests]
      4.times { assert_equal ["401", seen], ask(session, institute) }
      assert_equal seen["authorization"], session.authorization
      assert_equal 2, institute.logins
    end
  end

  def test_the_session_is_told_whatever_the_block_does
    with_session do |session, institute|
      token = session.token
      institute.withdraw
      request = Net::HTTP::Post.new("/me")
      request.set_form([["file", StringIO.new("content")]], "multipart/form-data")
      assert_raises(KeyError) { ask(session, institute, request) { raise KeyError } }
      assert_equal 1, institute.requests
      refute_equal token.jwt, session.token.jwt
    end
  end

  def test_a_login_that_fails_after_a_401_says_why_and_leaves_the_connection
    with_session do |session, institute|
      session.token
      institute.withdraw
      institute.refuse_logins
      http(institute.origin, institute.ca_file).start do |connection|
        socket = connection.instance_variable_get(:@socket)
        assert_raises(Testpress::RejectedError) { session.request(connection, Net::HTTP::Get.new("/me")) }
        assert_equal [2, 1], [institute.logins, institute.requests]
        assert_equal "401", connection.request(Net::HTTP::Get.new("/me")).code
        assert_same socket, connection.instance_variable_get(:@socket)
      end
    end
  end

  def test_a_session_that_is_closed_before_the_answer
    with_session do |session, institute|
      session.token
      institute.withdraw
      request = Net::HTTP::Get.new("/me")
      # Before the first bytes go out, and after the token was asked for.
      request.define_singleton_method(:exec) do |*arguments|
        session.close
        super(*arguments)
      end
      error = assert_raises(Testpress::ClosedError) { ask(session, institute, request) }
      assert_match(/session is closed/, error.message)
      assert_equal [1, 1], [institute.logins, institute.requests]
    end
  end

  def test_bodies_that_can_be_read_again
    Tempfile.create("body") do |file|
      file.write("a form of many fields")
      file.seek(2)
      stringio = StringIO.new("a form of many fields").tap { |io| io.seek(2) }
      [file, stringio, "form of many fields"].each do |body|
        with_session do |session, institute|
          session.token
          institute.withdraw
          assert_equal ["200", "form of many fields"], post(session, institute, body), body.class.name
          assert_equal 2, institute.requests
        end
      end
    end
  end

  def test_a_body_that_can_be_read_once_is_sent_once
    with_session do |session, institute|
      token = session.token
      institute.withdraw
      reader, writer = IO.pipe
      writer << "once"
      writer.close
      assert_equal %w[401 once], post(session, institute, reader)
      assert_equal 1, institute.requests
      refute_equal token.jwt, session.token.jwt, "the next request has another token"
    end
  end

  def test_a_form_with_files_is_sent_once
    with_session do |session, institute|
      %w[multipart/form-data Multipart/Form-Data].each.with_index(1) do |type, count|
        session.token
        institute.withdraw
        request = Net::HTTP::Post.new("/me")
        request.set_form([["file", StringIO.new("content")]], type)
        code, seen = ask(session, institute, request)
        assert_equal "401", code
        assert_includes seen["body"], "content"
        assert_equal count, institute.requests
      end
    end
  end

  def test_a_form_of_texts_is_sent_again
    with_session do |session, institute|
      session.token
      institute.withdraw
      request = Net::HTTP::Post.new("/me").tap { |it| it.set_form_data("name" => "Ada L") }
      code, seen = ask(session, institute, request)
      assert_equal ["200", "name=Ada+L"], [code, seen["body"]]
    end
  end

  def test_a_block_has_the_last_answer_and_reads_it_itself
    with_session do |session, institute|
      session.token
      institute.withdraw
      chunks = []
      codes = []
      session.request(http(institute.origin, institute.ca_file), Net::HTTP::Get.new("/me")) do |response|
        codes << response.code
        response.read_body { |chunk| chunks << chunk }
      end
      assert_equal ["200"], codes
      assert_includes chunks.join, "authorization"
    end
  end

  def test_another_origin_has_no_header_and_costs_no_login
    with_session do |session, institute|
      _, seen = ask(session, institute, origin: institute.abroad)
      assert_nil seen["authorization"]
      assert_equal 0, institute.logins
    end
  end

  def test_after_a_redirect_to_another_origin_there_is_no_header
    with_session do |session, institute|
      answer = session.request(http(institute.origin, institute.ca_file), Net::HTTP::Get.new("/away"))
      _, seen = ask(session, institute, Net::HTTP::Get.new(URI(answer["Location"])), origin: institute.abroad)
      assert_nil seen["authorization"]
    end
  end

  def test_a_header_of_its_own_is_kept_and_its_401_too
    with_session do |session, institute|
      request = Net::HTTP::Get.new("/me", "Authorization" => "Basic eA==")
      answer = session.request(http(institute.origin, institute.ca_file), request)
      assert_equal ["401", "Basic eA=="], [answer.code, JSON.parse(answer.body)["authorization"]]
      assert_equal "Basic eA==", request["Authorization"]
      assert_equal 0, institute.logins
    end
  end

  def test_a_request_that_fails_keeps_no_header
    with_session do |session|
      request = Net::HTTP::Get.new("/me")
      # The certificate is of an authority that this one does not trust.
      assert_raises(OpenSSL::SSL::SSLError) { session.request(http(session.origin, faults_ca), request) }
      assert_nil request["Authorization"]
    end
  end

  def test_what_is_no_connection_or_no_request
    with_session do |session, institute|
      [nil, institute.origin, URI(institute.origin), Net::HTTP].each do |wrong|
        error = assert_raises(Testpress::InvalidArgumentError) { session.request(wrong, Net::HTTP::Get.new("/me")) }
        assert_match(/\Ahttp must/, error.message)
      end
      [nil, "/me", {}].each do |wrong|
        connection = http(institute.origin, institute.ca_file)
        assert_raises(Testpress::InvalidArgumentError) { session.request(connection, wrong) }
      end
      assert_equal 0, institute.logins
    end
  end

  def test_many_threads_meet_a_401_with_one_login
    with_session do |session, institute|
      session.token
      institute.withdraw
      codes = join(*Array.new(10) { Thread.new { ask(session, institute).first } }).map(&:value)
      assert_equal ["200"], codes.uniq
      assert_equal 2, institute.logins
    end
  end

  private

  def post(session, institute, body)
    request = Net::HTTP::Post.new("/me", "Content-Type" => "text/plain")
    body.is_a?(String) ? request.body = body : request.body_stream = body
    request["Transfer-Encoding"] = "chunked" unless body.is_a?(String)
    code, seen = ask(session, institute, request)
    [code, seen["body"]]
  end
end
