# frozen_string_literal: true

require_relative "client"
require_relative "net_http"

module Testpress
  # Credentials, and always a valid token for them: for a program that talks to its institute all day.
  #
  #     session = Testpress::Session.new(client, username, password)
  #     session.token.authorization    # logs in the first time, and again when the token is about to expire
  #
  # All sessions of a process with the same institute, user and password share one token, and one login when it is
  # needed, unless their clients differ in trust, client certificate, proxy, api_version, login_encoding or store. With
  # the client's option store: "file", all processes of the user do.
  #
  # One session serves a whole process, its threads and its forked children. {close} frees it; a session that is
  # forgotten is freed by the collector.
  class Session
    include Uncopyable

    # Makes a session, and closes it after the block.
    # @param (see #initialize)
    # @yieldparam session [Session]
    # @return [Object, Session] what the block returns; the session, to be closed by the caller, where there is no block
    # @raise (see #initialize)
    def self.open(client, username, password)
      session = new(client, username, password)
      return session unless block_given?

      begin
        yield session
      ensure
        session.close
      end
    end

    # Sends nothing: the first {token} logs in.
    #
    # @param client [Client] may be closed before the session is
    # @param username [String]
    # @param password [String] sent as UTF-8, to the institute and nowhere else; the library keeps a copy, and wipes it
    #   when the session is freed
    # @raise [InvalidArgumentError] if an argument can't be used, or the client is closed
    def initialize(client, username, password)
      raise InvalidArgumentError, "client must be a Testpress::Client, not #{client.class}" unless client.is_a?(Client)

      @log = client.log
      @origin = client.origin.freeze
      @handle = Handle.new("session", :tp_session_free)
      Text.lend("username", username) do |native_username|
        Text.lend("password", password) { |native_password| create(client, native_username, native_password) }
      end
    end

    # @return [String] where its header may go, such as "https://demo.testpress.in"
    attr_reader :origin

    # A valid token: at once while there is one, else from a login, one for all who ask meanwhile. Interrupts end the
    # wait as they end {Client#login}; another who waits then logs in.
    #
    # After a login that failed, the same error comes back at once until the back-off has ended, with the seconds that
    # are left in {Error#retry_after}, and nothing is sent. The back-off lasts 0.5 s to 30 s after a failure of the
    # server or the network, 60 s to an hour after a refusal, and as long as the server said where it named a wait.
    # {Client#login} is always sent, and ends the back-off when it succeeds.
    #
    # @param timeout [Numeric, nil] seconds for this call; nil leaves the client's timeout_ms
    # @param call [Call, nil] lets another thread cancel this call, and has a timeout of its own
    # @return [Token] one of the caller's own, to be kept no longer than for the next request
    # @raise (see Client#login)
    def token(timeout: nil, call: nil)
      Call.lend(call, timeout) do |own|
        Token.obtain(own, @log) do |address, token, error|
          @handle.use { |session| Native.tp_session_token(session, address, token, error) }
        end
      end
    end

    # The header's value of a valid {token}.
    # @param (see #token)
    # @return [String] "JWT eyJ…": a secret
    # @raise (see #token)
    def authorization(timeout: nil, call: nil)
      lend(timeout: timeout, call: call, &:authorization)
    end

    # Tells that the server answered 401 to this token: the next {token} is another. Nothing happens when it was
    # replaced already, so every thread may tell it. After two rejected tokens within a minute no login is made for a
    # minute, and {token} gives the newest one. Waits for nothing.
    #
    # @param token [Token]
    # @return [nil]
    # @raise [ClosedError]
    def reject(token)
      raise InvalidArgumentError, "token must be a Testpress::Token, not #{token.class}" unless token.is_a?(Token)

      @handle.use do |session|
        token.use { |address| Native.tp_session_reject(session, address) }
      end
      nil
    end

    # Tries the store that the client's option store names: reads, locks and writes. Returns if it can be used, as
    # "memory" always can.
    #
    # A login never fails for its store: one that can't be used is passed over, with a warning to the client's logger.
    # This is for those who want to know, such as a health check.
    #
    # @return [nil]
    # @raise [StoreError] with what is wrong and what to do
    # @raise [ClosedError]
    def check_store
      # Nothing cancels it: an interrupt waits for its end, which is near.
      Call.lend(nil, nil) do |call|
        Failure.check do |error|
          Interruptible.run(call, @log) { @handle.use { |session| Native.tp_session_check_store(session, error) } }
        end
      end
      nil
    end

    # Sends a request of Net::HTTP as http.request does, with the header if the connection goes to {origin}, and without
    # it to anywhere else. After a 401 the token is rejected, and the request sent once more with another, if its body
    # can be read again; whatever comes of that is the answer, and after another 401 that token is rejected, too. When
    # no token can be had, for the first request or after a 401, the error of the login is raised. The header is taken
    # away from the request afterwards; a request that has one of its own keeps it, and is sent once.
    #
    # @param http [Net::HTTP]
    # @param request [Net::HTTPGenericRequest]
    # @yieldparam response [Net::HTTPResponse] the answer, its body not yet read; not the one that was followed by a new
    #   request
    # @return [Net::HTTPResponse]
    # @raise (see #token)
    # @raise [InvalidArgumentError] if an argument is something else
    def request(http, request, &block)
      NetHttp.new(self, http, request, block).exchange
    end

    # {reject} for those who have an answer to hand on: a session that was closed meanwhile need not know.
    # @api private
    def tell_refused(token)
      reject(token)
    rescue ClosedError
      nil
    end

    # Yields a token that is closed after the block.
    # @api private
    def lend(**limits)
      token = token(**limits)
      yield token
    ensure
      token&.close
    end

    # Wipes the credentials. Whoever waits for a token goes on to the end, and tokens stay valid; whatever else is asked
    # of the session raises {ClosedError}. More than once does nothing.
    # @return [nil]
    def close
      @handle.close
    end

    # @return [Boolean]
    def closed?
      @handle.closed?
    end

    # Shows neither the user nor the password.
    # @return [String]
    def inspect
      "#<#{self.class} #{closed? ? 'closed' : "of #{origin}"}>"
    end
    alias to_s inspect

    private

    def create(client, username, password)
      Failure.check do |error|
        client.use { |address| Native.tp_session_new(address, username, password, @handle.slot, error) }
      end
    end
  end
end
