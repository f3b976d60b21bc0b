# frozen_string_literal: true

require_relative "counting_institute"
require_relative "test_case"

# A session has a valid token at any time, and logs in no more than it must.
class SessionTest < TestCase
  def with_session(password = "right", **options)
    CountingInstitute.open do |institute|
      client = institute.client(**options)
      Testpress::Session.open(client, "ada", password) { |session| yield session, institute, client }
    end
  end

  def test_the_profile_of_a_real_institute
    with_institute do |client|
      session = Testpress::Session.new(client, "testpress", "demo")
      assert_equal institute, session.origin
      assert_equal "testpress", session.token.username
      assert_equal "JWT #{session.token.jwt}", session.authorization
    end
  end

  def test_nothing_is_sent_before_a_token_is_asked_for
    with_session { |_session, institute| assert_equal 0, institute.logins }
  end

  def test_one_login_for_many_questions
    with_session do |session, institute|
      assert_equal 1, Array.new(50) { session.token.jwt }.uniq.size
      assert_equal 1, institute.logins
    end
  end

  def test_sessions_with_the_same_credentials_share_a_token
    with_session do |session, institute, client|
      other = institute.client
      twin = Testpress::Session.new(other, "ada", "right")
      assert_equal session.token.jwt, twin.token.jwt
      assert_equal session.token.jwt, Testpress::Session.new(client, "ada", "right").token.jwt
      assert_equal 1, institute.logins
    end
  end

  def test_another_password_shares_nothing
    with_session do |session, _institute, client|
      session.token
      wrong = Testpress::Session.new(client, "ada", "wrong")
      assert_raises(Testpress::RejectedError) { wrong.token }
    end
  end

  def test_a_rejected_token_is_replaced_once
    with_session do |session, institute|
      old = session.token
      3.times { assert_nil session.reject(old) }
      new = session.token
      refute_equal old.jwt, new.jwt
      session.reject(old)
      session.reject(Testpress::Token.from_jwt(institute.origin, "foreign"))
      assert_equal new.jwt, session.token.jwt
      assert_equal 2, institute.logins
    end
  end

  def test_after_two_rejected_tokens_the_newest_is_kept
    with_session do |session, institute|
      session.reject(session.token)
      newest = session.token
      session.reject(newest)
      assert_equal newest.jwt, session.token.jwt
      assert_equal 2, institute.logins
    end
  end

  def test_a_token_that_ends_is_renewed
    session = Testpress::Session.new(Testpress::Client.new(fault("lives-2s"), ca_file: faults_ca), "ada", "right")
    first = session.token
    assert_equal first.jwt, session.token.jwt, "and not before"
    Timeout.timeout(PATIENCE) { sleep 0.05 while session.token.jwt == first.jwt }
    assert_operator session.token.expires_at, :>, first.expires_at
  end

  def test_refused_credentials_are_not_tried_again
    with_session("wrong") do |session, institute|
      first = assert_raises(Testpress::RejectedError) { session.token }
      assert_predicate first, :request_sent?
      5.times do
        error = assert_raises(Testpress::RejectedError) { session.authorization }
        assert_equal first.server_message, error.server_message
        assert_operator error.retry_after, :<=, 60
        refute_predicate error, :request_sent?
      end
      assert_equal 1, institute.logins
    end
  end

  def test_a_server_that_throttles_is_left_alone_for_its_wait
    with_fault("throttled") do |client|
      session = Testpress::Session.new(client, "ada", "right")
      errors = Array.new(3) { assert_raises(Testpress::ThrottledError) { session.token } }
      assert_equal [true, false, false], errors.map(&:request_sent?)
      assert(errors.all? { |error| error.retry_after.between?(1, 60) })
    end
  end

  def test_a_client_may_be_closed_before_its_session
    with_session do |session, institute, client|
      client.close
      session.reject(session.token)
      assert_equal "ada", session.token.username
      assert_equal 2, institute.logins
      assert_equal institute.origin, session.origin
    end
  end

  def test_a_closed_session_raises
    with_session do |session|
      token = session.token
      3.times { assert_nil session.close }
      assert_predicate session, :closed?
      error = assert_raises(Testpress::ClosedError) { session.token }
      assert_equal "the session is closed", error.message
      assert_raises(Testpress::ClosedError) { session.authorization }
      assert_raises(Testpress::ClosedError) { session.reject(token) }
      assert_raises(Testpress::ClosedError) { session.check_store }
      assert_equal "ada", token.username, "its tokens live on"
    end
  end

  def test_tokens_are_each_callers_own
    with_session do |session|
      session.token.close
      assert_equal "ada", session.token.username
      closed = session.token.tap(&:close)
      assert_raises(Testpress::ClosedError) { session.reject(closed) }
    end
  end

  def test_the_block_form_returns_the_blocks_value_and_closes
    with_institute do |client|
      kept = nil
      assert_equal(:value, Testpress::Session.open(client, "ada", "right") { |session| (kept = session) && :value })
      assert_predicate kept, :closed?
      refute_predicate Testpress::Session.open(client, "ada", "right"), :closed?
    end
  end

  def test_a_timeout_of_its_own
    with_fault("silent-after-request", timeout_ms: 60_000) do |client|
      session = Testpress::Session.new(client, "ada", "right")
      assert_raises(Testpress::TimeoutError) { session.token(timeout: 0.3) }
      assert_raises(Testpress::TimeoutError) { session.authorization(timeout: 0) }
      assert_raises(Testpress::TimeoutError) { session.token(call: Testpress::Call.new(timeout: 0.1)) }
    end
  end

  def test_the_clients_logger_hears_it_even_when_the_client_is_closed
    output = StringIO.new
    with_session(logger: Logger.new(output)) do |session, institute, client|
      client.close
      session.token
      assert_match(/INFO -- testpress: logged in to #{institute.origin}/, output.string)
    end
  end

  def test_a_frozen_session_works
    with_session do |session|
      assert_equal "ada", session.freeze.token.username
      assert_nil session.close
    end
  end
end
