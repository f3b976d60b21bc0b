# frozen_string_literal: true

require "net/http"
require "testpress"

# A Puma in cluster mode whose session is made before the workers are forked, and first used in them. Each request
# fetches /me in the session, and answers with the status of that and the worker's number.

workers 2
threads 1, 4
preload_app!
bind "tcp://127.0.0.1:0"

options = { ca_file: ENV.fetch("CA_FILE"), store: ENV.fetch("STORE") }
session = Testpress::Session.new(Testpress::Client.new(ENV.fetch("ORIGIN"), **options), "ada", "right")
home = URI(session.origin)

app do |_env|
  answer = Net::HTTP.start(home.host, home.port, use_ssl: true, ca_file: options[:ca_file]) do |http|
    session.request(http, Net::HTTP::Get.new("/me"))
  end
  [200, { "Content-Type" => "application/json" }, [{ status: answer.code, pid: Process.pid }.to_json]]
end
