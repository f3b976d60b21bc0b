# frozen_string_literal: true

require "net/http"
require_relative "test_case"
require_relative "two_origins"

# The header on requests of Net::HTTP: for the token's origin, and for no other.
class NetHttpTest < TestCase
  def test_the_profile_of_a_real_institute
    token = Testpress.login(institute, "testpress", "demo")
    uri = URI("#{institute}/api/v2.2/me/")
    request = token.apply(Net::HTTP::Get.new(uri))
    answer = Net::HTTP.start(uri.host, uri.port, use_ssl: true) { |http| http.request(request) }
    assert_equal "200", answer.code
    assert_equal "testpress", JSON.parse(answer.body)["username"]
  end

  def applied(request_uri, destination = nil, origin: "https://learn.example.com")
    request = Net::HTTP::Get.new(URI(request_uri))
    token = Testpress::Token.from_jwt(origin, "abc")
    assert_same request, token.apply(request, *destination)
    request["Authorization"]
  end

  def test_the_same_origin_however_it_is_written
    ["https://learn.example.com/", "https://LEARN.Example.com/me?x=1", "HTTPS://learn.example.com:443/",
     "https://user:word@learn.example.com/"].each do |uri|
      assert_equal "JWT abc", applied(uri), uri
    end
    assert_equal "JWT abc", applied("https://[::1]:8443/", origin: "https://[::1]:8443")
  end

  def test_another_origin
    ["http://learn.example.com/", "https://learn.example.com:8443/", "https://example.com/",
     "https://evil.learn.example.com/", "https://learn.example.com.evil.com/", "https://learn.example.com@evil.com/",
     "http://learn.example.com:443/", "https://evil.com/https://learn.example.com"].each do |uri|
      assert_nil applied(uri), uri
    end
  end

  def test_the_connection_counts_more_than_the_request
    good = Net::HTTP.new("learn.example.com", 443).tap { |http| http.use_ssl = true }
    assert_equal "JWT abc", applied("https://learn.example.com/", good)
    evil = Net::HTTP.new("evil.com", 443).tap { |http| http.use_ssl = true }
    assert_nil applied("https://learn.example.com/", evil)
    plain = Net::HTTP.new("learn.example.com", 443)
    assert_nil applied("https://learn.example.com/", plain)
  end

  def test_a_request_that_knows_only_its_path
    token = Testpress::Token.from_jwt("demo", "abc")
    request = Net::HTTP::Get.new("/api/v2.2/me/")
    assert_raises(Testpress::InvalidArgumentError) { token.apply(request) }
    assert_nil request["Authorization"]
    assert_equal "JWT abc", token.apply(request, "https://demo.testpress.in")["Authorization"]
  end

  def test_destinations_that_are_none
    token = Testpress::Token.from_jwt("demo", "abc")
    [1, Object.new, "https://a b/", "https://demo.testpress.in\\@evil.com/", []].each do |wrong|
      request = Net::HTTP::Get.new("/")
      assert_raises(Testpress::InvalidArgumentError) { token.apply(request, wrong) }
      assert_nil request["Authorization"]
    end
    assert_nil token.apply(Net::HTTP::Get.new("/"), "demo.testpress.in")["Authorization"]
  end

  def test_a_request_that_is_sent_again_elsewhere
    token = Testpress::Token.from_jwt("demo", "abc")
    request = token.apply(Net::HTTP::Get.new("/"), "https://demo.testpress.in")
    assert_nil token.apply(request, "https://evil.com")["Authorization"]
    request["Authorization"] = "Basic eA=="
    assert_equal "Basic eA==", token.apply(request, "https://evil.com")["Authorization"], "not ours to take away"
  end

  def test_redirects_between_real_servers
    servers = TwoOrigins.new
    token = Testpress::Token.from_jwt(servers.home, "abc.def")
    seen = {
      "/me" => "JWT abc.def", "/near" => "JWT abc.def", "/round" => "JWT abc.def",
      "/away" => nil, "/away-307" => nil, "/away-without-scheme" => nil
    }
    seen.each do |path, header|
      answer = follow(URI(servers.home + path), token, servers.ca_file)
      header.nil? ? assert_nil(answer, path) : assert_equal(header, answer, path)
    end
    assert_equal [nil], servers.seen_abroad.uniq
  ensure
    servers&.stop
  end

  private

  # As programs do: one request, moved from place to place.
  def follow(uri, token, ca_file)
    loop do
      answer = Net::HTTP.start(uri.hostname, uri.port, use_ssl: true, ca_file: ca_file) do |http|
        http.request(token.apply(Net::HTTP::Get.new(uri), http))
      end
      return JSON.parse(answer.body)["authorization"] if answer.code == "200"

      uri += answer["Location"]
    end
  end
end
