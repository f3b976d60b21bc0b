# frozen_string_literal: true

require "testpress"
require "timeout"
require_relative "../in_flight"

# The life of every handle, for valgrind: made, used by threads, closed early, late, twice, amid a login, after a fork,
# and by the collector.

institute = ENV.fetch("TESTPRESS_INSTITUTE")
options = { ca_file: ENV.fetch("TESTPRESS_FAULTS_CA") }

client = Testpress::Client.new(institute, logger: Logger.new(IO::NULL))
2.times do
  token = client.login("testpress", "demo")
  token.header
  token.claims
  token.close
end
begin
  client.login("testpress", "wrong")
rescue Testpress::RejectedError => error
  error.field_errors
end

session = Testpress::Session.new(client, "testpress", "demo")
askers = Array.new(3) do
  Thread.new do
    session.reject(session.token)
    session.authorization
  rescue Testpress::ClosedError
    nil
  end
end
Thread.pass until askers.any? { |asker| asker.status == "sleep" }
session.close
askers.each(&:join)
forgotten = Testpress::Session.new(client, "testpress", "demo")
forgotten.token
forgotten = nil # rubocop:disable Lint/UselessAssignment -- for the collector

threads = Array.new(3) do
  Thread.new do
    client.login("testpress", "demo").username
  rescue Testpress::ClosedError
    nil
  end
end
client.close
threads.each(&:join)

in_flight = InFlight.new
slow = Testpress::Client.new(ARGV.last, logger: in_flight, **options)
thread = Thread.new { slow.login("testpress", "demo").username }
in_flight.wait
slow.close
thread.join

stalled = Testpress::Client.new(ARGV.first, **options)
2.times do
  thread = Thread.new { stalled.login("testpress", "demo") }
  Thread.pass until thread.status == "sleep"
  thread.kill.join
end
begin
  stalled.dup
rescue TypeError
  10.times { Testpress::Client.new("demo") }
end

child = fork do
  stalled.login("testpress", "demo", timeout: 0.1)
rescue Testpress::TimeoutError
  GC.start
end
Process.wait(child)
session = Testpress::Session.new(stalled, "testpress", "demo")
waiting = Array.new(2) { Thread.new { session.token } }
waiting.each { |asker| Thread.pass until asker.status == "sleep" }
Process.wait(fork { session.close })
session.close
waiting.each { |asker| asker.kill.join }
stalled.close
2.times { stalled.close }
GC.start
puts "done"
