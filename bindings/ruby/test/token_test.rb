# frozen_string_literal: true

require "base64"
require "json"
require_relative "test_case"

# What a token tells.
class TokenTest < TestCase
  def jwt(claims)
    [{ alg: "HS256" }.to_json, claims.to_json, "signature"].map { |part| Base64.urlsafe_encode64(part, padding: false) }
                                                           .join(".")
  end

  def token(claims)
    Testpress::Token.from_jwt("demo", jwt(claims))
  end

  def test_a_token_that_was_kept
    kept = jwt(username: "é🔑", user_id: 7, email: "a@example.com", exp: 4_102_444_800)
    token = Testpress::Token.from_jwt("demo", kept)
    assert_equal kept, token.jwt
    assert_equal "JWT #{kept}", token.authorization
    assert_equal "Authorization: JWT #{kept}", token.header
    assert_equal "https://demo.testpress.in", token.origin
    assert_equal ["é🔑", 7, "a@example.com"], [token.username, token.user_id, token.email]
  end

  def test_every_text_is_utf8
    token = token(username: "é", email: "ü@example.com", more: "🔑")
    texts = [token.jwt, token.authorization, token.header, token.origin, token.username, token.email,
             token.claims["more"]]
    assert_equal [Encoding::UTF_8], texts.map(&:encoding).uniq
    assert texts.all?(&:valid_encoding?)
  end

  def test_a_text_is_the_callers_to_change
    token = token(username: "alice")
    token.username << "!"
    assert_equal "alice", token.username
  end

  def test_expiry
    token = token(exp: Time.now.to_i + 1000)
    assert_instance_of Time, token.expires_at
    assert_predicate token.expires_at, :utc?
    assert_in_delta 1000, token.expires_in, PATIENCE
    assert_in_delta Time.now.to_f + token.expires_in, token.expires_at.to_f, 2
  end

  def test_expiry_in_the_past
    assert_predicate token(exp: Time.now.to_i - 100).expires_in, :negative?
  end

  def test_the_last_expiry_of_all
    assert_equal (2**63) - 1, token(exp: (2**63) - 1).expires_at.to_i
  end

  def test_what_is_absent_is_nil
    token = Testpress::Token.from_jwt("demo", "abc")
    assert_equal [nil] * 5, [token.expires_at, token.expires_in, token.username, token.user_id, token.email]
    assert_equal({}, token.claims)
  end

  def test_claims_are_a_hash
    assert_equal({ "a" => { "b" => [1, nil, true, 1.5] } }, token(a: { b: [1, nil, true, 1.5] }).claims)
  end

  def test_deep_claims
    { 100 => 98, 2500 => nil }.each do |depth, _|
      payload = Base64.urlsafe_encode64("{\"a\":#{'[' * depth}#{']' * depth}}", padding: false)
      assert_instance_of Hash, Testpress::Token.from_jwt("demo", "e30.#{payload}.s").claims
    end
  end

  def test_every_token_of_the_bad_server
    names = File.readlines(ENV.fetch("TESTPRESS_FAULTS")).grep(/\A(exp-|no-exp|username-|user-id-|claims-)/)
    assert_operator names.size, :>=, 20
    names.each do |line|
      with_fault(line.split("\t").first) do |client|
        token = client.login("testpress", "demo")
        assert_instance_of Hash, token.claims
        [token.expires_at, token.expires_in, token.username, token.user_id, token.email, token.inspect]
      end
    end
  end

  def test_a_token_outlives_its_client
    token = with_institute { |client| client.login("testpress", "demo") }
    GC.start
    assert_equal "testpress", token.username
  end

  def test_it_is_made_by_a_login_or_from_a_jwt_only
    assert_raises(NoMethodError) { Testpress::Token.new }
  end

  def test_a_closed_token_raises
    token = token(username: "alice")
    2.times { assert_nil token.close }
    assert_predicate token, :closed?
    %i[jwt authorization header origin username email user_id expires_at expires_in claims].each do |method|
      assert_raises(Testpress::ClosedError) { token.public_send(method) }
    end
  end
end
