# frozen_string_literal: true

require "openssl"
require "stringio"
require "tempfile"
require "webrick"
require "webrick/https"

# A certificate authority, and https servers on free ports of loopback that have their certificates of it.
class Authority
  # @return [String] the path of the PEM file to trust
  attr_reader :ca_file

  def initialize
    @authority = certificate("authority", OpenSSL::PKey::EC.generate("prime256v1"))
    @file = Tempfile.create("ca")
    @file.write(@authority.first.to_pem)
    @file.close
    @ca_file = @file.path
    @servers = []
  end

  # A server that is not started yet.
  def server(host)
    key = OpenSSL::PKey::EC.generate("prime256v1")
    server = WEBrick::HTTPServer.new(
      BindAddress: host, Port: 0, SSLEnable: true, SSLPrivateKey: key, SSLCertificate: certificate(host, key).first,
      Logger: WEBrick::Log.new(StringIO.new), AccessLog: []
    )
    @servers << server
    server
  end

  def origin(server)
    "https://#{server[:BindAddress]}:#{server.listeners.first.to_io.local_address.ip_port}"
  end

  def start
    @threads = @servers.map { |server| Thread.new { server.start } }
  end

  def stop
    @servers.each(&:shutdown)
    @threads.each(&:join)
    File.unlink(@file)
  end

  private

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
