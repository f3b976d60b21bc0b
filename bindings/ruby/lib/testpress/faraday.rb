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
  #
  # A {Session} in the token's place is asked for a token at each request. After a 401 it is told, and the request is
  # sent once more with another token: if its body can be read again, and the answer's was not handed out (on_data).
  # The second answer is the caller's, whatever it is; the session is told of its 401, too. When no token can be had,
  # for the first request or after a 401, the error of the login is raised. Requests that are sent in parallel are not
  # sent again.
  class FaradayMiddleware < ::Faraday::Middleware
    HEADER = "Authorization"
    private_constant :HEADER

    # @param app the next middleware
    # @param source [Token, Session, #call] a token, a session, or what gives the one for each request
    # @raise [InvalidArgumentError] if source is none of these; if a middleware that follows redirects comes after this
    #   one, as it would carry the header to another host
    def initialize(app, source)
      unless source.is_a?(Token) || source.is_a?(Session) || source.respond_to?(:call)
        raise InvalidArgumentError, "token must be a Testpress::Token, a Testpress::Session or respond to call, " \
                                    "not #{source.class}"
      end

      refuse_redirects_inside(app)
      super(app)
      @source = source
    end

    # Sends the request, with the header where that may be.
    # @param env [Faraday::Env]
    # @return [Faraday::Response]
    def call(env)
      source = @source.respond_to?(:call) ? @source.call : @source
      return @app.call(env) if env.request_headers.key?(HEADER) || !Origin.same?(source.origin, env.url)
      return send_with(source, env) unless source.is_a?(Session)

      env.parallel? ? send_in_parallel(source, env) : send_with_renewal(source, env)
    end

    private

    # The answer comes later, when nobody is here to send the request again.
    def send_in_parallel(session, env)
      token = session.token
      send_with(token, env).on_complete { |answered| session.tell_refused(token) if answered.status == 401 }
    end

    def send_with_renewal(session, env)
      body = env.body
      again = RepeatableBody.new(body) unless env.request.on_data
      session.lend { |token| first(session, token, env, again) } ||
        session.lend { |token| repeat(session, token, env, body) }
    end

    # The answer; nil when the request is to be sent again.
    def first(session, token, env, again)
      response = send_and_tell(session, token, env)
      response unless response.status == 401 && again&.rewind
    rescue ::Faraday::UnauthorizedError
      raise unless again&.rewind
    end

    def repeat(session, token, env, body)
      # Until there is a status, the body is the request's.
      env.status = nil
      env.body = body
      send_and_tell(session, token, env)
    end

    def send_and_tell(session, token, env)
      response = send_with(token, env)
      session.tell_refused(token) if response.status == 401
      response
    rescue ::Faraday::UnauthorizedError
      session.tell_refused(token)
      raise
    end

    def send_with(token, env)
      headers = env.request_headers
      headers[HEADER] = token.authorization
      @app.call(env).on_complete { headers.delete(HEADER) }
    rescue Exception # rubocop:disable Lint/RescueException -- it is raised again
      headers&.delete(HEADER)
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
