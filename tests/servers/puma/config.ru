# frozen_string_literal: true

# Answers each request with the profile of a user that has just logged in.

require 'net/http'
require 'testpress'

# Made before the workers are forked: each makes connections of its own from it.
CLIENT = Testpress::Client.new(ENV.fetch('TESTPRESS_INSTITUTE'))
CLIENT.login('testpress', 'demo')

run(lambda do |_environment|
  token = CLIENT.login('testpress', 'demo')
  uri = URI("#{token.origin}/api/v2.2/me/")
  profile = Net::HTTP.start(uri.host, uri.port, use_ssl: true) do |http|
    http.get(uri, 'Authorization' => token.authorization).body
  end
  [200, { 'Content-Type' => 'application/json' }, [profile]]
end)
