# frozen_string_literal: true

require "json"
require_relative "authority"

# Two https servers with certificates of one authority, on two hosts: the token's, and another that must never see it.
# Each answers /me with the Authorization header that it got, and redirects from the other paths.
class TwoOrigins
  attr_reader :home, :abroad

  def initialize
    @authority = Authority.new
    @servers = %w[localhost 127.0.0.1].map { |host| @authority.server(host) }
    @home, @abroad = @servers.map { |server| @authority.origin(server) }
    @seen = Queue.new
    @servers.each { |server| mount(server) }
    @authority.start
  end

  def ca_file
    @authority.ca_file
  end

  def stop
    @authority.stop
  end

  # Every header that came abroad since the last question.
  def seen_abroad
    Array.new(@seen.size) { @seen.pop }
  end

  private

  def mount(server)
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
end
