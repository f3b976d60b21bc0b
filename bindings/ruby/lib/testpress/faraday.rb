# frozen_string_literal: true

require "faraday"
require_relative "../testpress"

module Testpress # rubocop:disable Style/Documentation -- it stands in testpress.rb
  # Faraday middleware that adds a token's header to requests to the token's origin, and to no others:
  #
  #     require "testpress/faraday"
  #     connection = Faraday.new(token.origin) do |faraday|
  #       faraday.response :follow_redirects   # if at all, then before this
  #       faraday.request :testpress, token
  #       faraday.adapter :net_http
  #     end
  #
  # A request that has an Authorization header of its own keeps it. The header is there while the request is sent, and
  # is taken away when the answer has come: what logs or keeps the request afterwards has no secret.
  class FaradayMiddleware < ::Faraday::Middleware
    HEADER = "Authorization"
    private_constant :HEADER

    # @param app the next middleware
    # @param token [Token, #call] a token, or what gives the one for each request
    # @raise [InvalidArgumentError] if token is neither; if a middleware that follows redirects comes after this one,
    #   as it would carry the header to another host
    def initialize(app, token)
      unless token.is_a?(Token) || token.respond_to?(:call)
        raise InvalidArgumentError, "token must be a Testpress::Token or respond to call, not #{token.class}"
      end

      refuse_redirects_inside(app)
      super(app)
      @token = token
    end

    # Sends the request, with the header where that may be.
    # @param env [Faraday::Env]
    # @return [Faraday::Response]
    def call(env)
      token = @token.is_a?(Token) ? @token : @token.call
      headers = env.request_headers
      return @app.call(env) if headers.key?(HEADER) || !Origin.same?(token.origin, env.url)

      send_with(token.authorization, headers) { @app.call(env) }
    end

    private

    def send_with(value, headers)
      headers[HEADER] = value
      yield.on_complete { headers.delete(HEADER) }
    rescue Exception # rubocop:disable Lint/RescueException -- it is raised again
      headers.delete(HEADER)
      raise
    end

    def refuse_redirects_inside(app)
      while app
        if app.class.name.to_s.match?(/redirect/i)
          raise InvalidArgumentError, "#{app.class} would carry the header to another host: " \
                                      "put `request :testpress` after it"
        end
        app = app.instance_variable_get(:@app)
      end
    end
  end

  ::Faraday::Request.register_middleware(testpress: FaradayMiddleware)
end
