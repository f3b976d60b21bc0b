# frozen_string_literal: true

require "json"
require_relative "authority"

# An institute that counts: its user is "ada" with the password "right". Each login gives another token. /me tells what
# it was asked, with a token that is still good; with another, or none, it answers 401. Another server, abroad, tells
# the same to everybody.
class CountingInstitute
  LOGIN = "/api/v2.5/auth-token/"
  REFUSAL = { non_field_errors: ["Unable to log in with provided credentials."] }.freeze

  attr_reader :origin, :abroad

  def self.open(**options)
    institute = new(**options)
    yield institute
  ensure
    institute&.stop
  end

  def initialize(lifetime: 86_400)
    @lifetime = lifetime
    @lock = Mutex.new
    @logins = @requests = 0
    @good = []
    @arrived = Queue.new
    @authority = Authority.new
    @servers = %w[localhost 127.0.0.1].map { |host| @authority.server(host) }
    @origin, @abroad = @servers.map { |server| @authority.origin(server) }
    mount
    @authority.start
  end

  def ca_file
    @authority.ca_file
  end

  def client(**options)
    Testpress::Client.new(@origin, ca_file: ca_file, **options)
  end

  # Logins, refused ones too.
  def logins
    @lock.synchronize { @logins }
  end

  # Requests that are no logins, with a good token or not.
  def requests
    @lock.synchronize { @requests }
  end

  # From now on, no token that was given out is accepted; or none at all.
  def withdraw(forever: false)
    @lock.synchronize { @good = forever ? [].freeze : [] }
  end

  # From now on, no login works.
  def refuse_logins
    @refusing = true
  end

  # Whoever logs in waits until {release}.
  def hold
    @held = Queue.new
  end

  def wait_for_login
    Timeout.timeout(TestCase::PATIENCE) { @arrived.pop }
  end

  def release
    @held&.close
  end

  def stop
    release
    @authority.stop
  end

  private

  def mount
    @servers.first.mount_proc(LOGIN) { |request, response| log_in(JSON.parse(request.body), response) }
    @servers.first.mount_proc("/me") do |request, response|
      good = @lock.synchronize { (@requests += 1) && @good.include?(request["Authorization"]) }
      response.status = 401 unless good
      answer(request, response)
    end
    @servers.first.mount_proc("/away") do |_request, response|
      response.set_redirect(WEBrick::HTTPStatus::Found, "#{abroad}/me")
    end
    @servers.last.mount_proc("/me") { |request, response| answer(request, response) }
  end

  def answer(request, response)
    response["Content-Type"] = "application/json"
    response.body = { authorization: request["Authorization"], method: request.request_method,
                      body: request.body }.to_json
  end

  def log_in(credentials, response)
    number = @lock.synchronize { @logins += 1 }
    @arrived << number
    @held&.pop
    response["Content-Type"] = "application/json"
    right = !@refusing && credentials == { "username" => "ada", "password" => "right" }
    response.status = 400 unless right
    response.body = (right ? { token: jwt(number) } : REFUSAL).to_json
  end

  def jwt(number)
    payload = { username: "ada", orig_iat: Time.now.to_i, exp: Time.now.to_i + @lifetime, jti: number }
    jwt = [{ alg: "none" }.to_json, payload.to_json, "signature"].map { |part| base64(part) }.join(".")
    @lock.synchronize { @good << "JWT #{jwt}" unless @good.frozen? }
    jwt
  end

  def base64(part)
    [part].pack("m0").tr("+/", "-_").delete("=")
  end
end
