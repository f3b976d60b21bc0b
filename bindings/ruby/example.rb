# frozen_string_literal: true

# Logs in, and fetches the profile of the user with Net::HTTP.

require "net/http"
require "testpress"

institute, username, password = %w[TESTPRESS_INSTITUTE TESTPRESS_USERNAME TESTPRESS_PASSWORD].map do |name|
  ENV.fetch(name) { abort "set #{name}" }
end

begin
  token = Testpress.login(institute, username, password, timeout: 30)
rescue Testpress::Error => error
  abort "#{error.status_name}: #{error.server_message || error.message}"
end

uri = URI("#{token.origin}/api/v2.2/me/")
answer = Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == "https") do |http|
  http.request(token.apply(Net::HTTP::Get.new(uri)))
end
answer.value

puts answer.body
# The whole header is a secret; so much shows that there is one.
puts "Ruby ok #{token.username} Authorization: JWT #{token.jwt[0, 8]}…"
