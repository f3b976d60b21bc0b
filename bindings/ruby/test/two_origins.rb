# frozen_string_literal: true

require "json"
require "openssl"
require "stringio"
require "tempfile"
require "webrick"
require "webrick/https"

# Two https servers with certificates of one authority, on two hosts: the token's, and another that must never see it.
# Each answers /me with the Authorization header that it got, and redirects from the other paths.
class TwoOrigins
  attr_reader :home, :abroad, :ca_file

  def initialize
    @authority = certificate("authority", OpenSSL::PKey::EC.generate("prime256v1"))
    @ca_file = Tempfile.create("ca")
    @ca_file.write(@authority.first.to_pem)
    @ca_file.close
    @servers = []
    @home = serve("localhost")
    @abroad = serve("127.0.0.1")
    @servers.each { |server| mount(server) }
    @threads = @servers.map { |server| Thread.new { server.start } }
  end

  def stop
    @servers.each(&:shutdown)
    @threads.each(&:join)
    File.unlink(@ca_file)
  end

  # Every header that came abroad since the last question.
  def seen_abroad
    Array.new(@seen.size) { @seen.pop }
  end

  private

  def serve(host)
    key = OpenSSL::PKey::EC.generate("prime256v1")
    server = WEBrick::HTTPServer.new(
      BindAddress: host, Port: 0, SSLEnable: true, SSLPrivateKey: key, SSLCertificate: certificate(host, key).first,
      Logger: WEBrick::Log.new(StringIO.new), AccessLog: []
    )
    @servers << server
    "https://#{host}:#{server.listeners.first.to_io.local_address.ip_port}"
  end

  def mount(server)
    @seen = Queue.new
    abroad = server == @servers.last
    server.mount_proc("/me") do |request, response|
      @seen << request["Authorization"] if abroad
      response.body = { authorization: request["Authorization"] }.to_json
    end
    redirects.each do |path, location|
      server.mount_proc(path) do |request, response|
        @seen << request["Authorization"] if abroad
        response.status = path.end_with?("307") ? 307 : 302
        response["Location"] = location
      end
    end
  end

  def redirects
    {
      "/near" => "/me", "/away" => "#{@abroad}/me", "/away-307" => "#{@abroad}/me",
      "/away-without-scheme" => "#{@abroad.delete_prefix('https:')}/me",
      "/round" => "#{@abroad}/back", "/back" => "#{@home}/me"
    }
  end

  def certificate(name, key)
    issuer, issuer_key = @authority || [nil, key]
    certificate = OpenSSL::X509::Certificate.new
    certificate.version = 2
    certificate.serial = rand(1 << 64)
    certificate.subject = OpenSSL::X509::Name.new([["CN", name]])
    certificate.issuer = (issuer || certificate).subject
    certificate.public_key = key
    certificate.not_before = Time.now - 3600
    certificate.not_after = Time.now + 86_400
    extend_certificate(certificate, issuer || certificate, name)
    [certificate.sign(issuer_key, OpenSSL::Digest.new("SHA256")), key]
  end

  def extend_certificate(certificate, issuer, name)
    factory = OpenSSL::X509::ExtensionFactory.new(issuer, certificate)
    extension = if issuer.equal?(certificate)
                  factory.create_extension("basicConstraints", "CA:TRUE", true)
                else
                  factory.create_extension("subjectAltName", name.match?(/\A\d/) ? "IP:#{name}" : "DNS:#{name}")
                end
    certificate.add_extension(extension)
  end
end
