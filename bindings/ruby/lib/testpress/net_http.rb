# frozen_string_literal: true

require_relative "origin"
require_relative "repeatable_body"

module Testpress
  # One request of Net::HTTP with a session's header, and once more after a 401. See {Session#request}.
  # @api private
  class NetHttp
    HEADER = "Authorization"
    MULTIPART = "multipart/form-data"
    private_constant :HEADER, :MULTIPART

    def initialize(session, http, request, block)
      raise InvalidArgumentError, "http must be a Net::HTTP, not #{http.class}" unless http.respond_to?(:use_ssl?)
      unless request.respond_to?(:body_stream)
        raise InvalidArgumentError, "request must be one of Net::HTTP, not #{request.class}"
      end

      @session = session
      @http = http
      @request = request
      @block = block
    end

    def exchange
      return @http.request(@request, &@block) if @request.key?(HEADER) || !Origin.same?(@session.origin, @http)

      @session.lend { |token| first(token) } || @session.lend { |token| second(token) }
    end

    private

    # The answer; nil when the request is to be sent again.
    def first(token)
      body = body_of(@request)
      again = false
      answer = send_with(token) do |response|
        again = refused?(response) && body && body.rewind
        @block&.call(response) unless again
      end
      answer unless again
    end

    def second(token)
      send_with(token) { |response| @block&.call(response) }
    end

    def send_with(token)
      @request[HEADER] = token.authorization
      @http.request(@request) do |response|
        # First, as the caller's block may raise.
        @session.tell_refused(token) if refused?(response)
        yield response
      end
    ensure
      @request.delete(HEADER)
    end

    # Nil when it can't be told: the parts of a form with files are Net::HTTP's own secret.
    def body_of(request)
      body = request.body || request.body_stream
      RepeatableBody.new(body) unless body.nil? && request.content_type.to_s.casecmp?(MULTIPART)
    end

    def refused?(response)
      response.code == "401"
    end
  end
end
