# frozen_string_literal: true

require_relative "call"
require_relative "options"
require_relative "token"

module Testpress
  # A client of one institute, which keeps its connections for the next login.
  #
  #     Testpress::Client.open("demo", timeout_ms: 5000) do |client|
  #       token = client.login(username, password)
  #     end
  #
  # One client serves a whole process: any number of threads may log in with it at once, and so may forked children,
  # which make connections of their own. {close} frees it; a client that is forgotten is freed by the collector.
  class Client
    include Uncopyable

    # Makes a client, and closes it after the block.
    # @param (see #initialize)
    # @yieldparam client [Client]
    # @return [Object, Client] what the block returns; the client, to be closed by the caller, where there is no block
    # @raise (see #initialize)
    def self.open(institute, **options)
      client = new(institute, **options)
      return client unless block_given?

      begin
        yield client
      ensure
        client.close
      end
    end

    # Makes no connection yet.
    #
    # @param institute [String] a subdomain ("demo" for demo.testpress.in), a domain ("learn.example.com") or an https
    #   URL without a path
    # @param logger [#add, nil] a Logger, or what is like one. It is called on the threads that log in. What it raises
    #   is dropped.
    # @param log_level [:error, :warn, :info, :debug, nil] the most that the logger is told; nil asks the logger's own
    #   level, once
    # @param options [Hash{Symbol => #to_s}] the library's options, such as timeout_ms: 5000; nil leaves the default
    # @raise [InvalidArgumentError] if the institute or an option is not usable
    # @raise [TlsError] if the system has no trusted certificates
    # @raise [LibraryError] if libtestpress can't be loaded
    def initialize(institute, logger: nil, log_level: nil, **options)
      @log = Log.new(logger, log_level)
      @handle = Handle.new("client", :tp_client_free)
      Text.lend("institute", institute) do |native_institute|
        Options.lend(options, @log) do |config|
          create(native_institute, config)
        end
      end
    end

    # @return [String] where it sends credentials, such as "https://demo.testpress.in"
    # @raise [ClosedError]
    def origin
      @handle.use { |address| Native.text(:tp_client_origin, address) }
    end

    # Logs in. Ruby's other threads run meanwhile. Thread#raise, Thread#kill, Timeout.timeout and Ctrl-C end it within
    # 300 ms.
    #
    # @param username [String]
    # @param password [String] sent as UTF-8, to the institute and nowhere else
    # @param timeout [Numeric, nil] seconds for this login; nil leaves the client's timeout_ms
    # @param call [Call, nil] lets another thread cancel this login, and has a timeout of its own
    # @return [Token]
    # @raise [RefusedError] if the server said no, such as {RejectedError} for a wrong password
    # @raise [NetworkError] if there was no answer, such as {TimeoutError}
    # @raise [ServerFaultError] if the answer makes no sense
    # @raise [InvalidArgumentError] if an argument can't be used, or the client is closed
    def login(username, password, timeout: nil, call: nil)
      Call.lend(call, timeout) { |own| login_within(username, password, own) }
    end

    # Closes the connections. Logins that are under way go on to their end, and tokens stay valid; whatever else is
    # asked of the client raises {ClosedError}. More than once does nothing.
    # @return [nil]
    def close
      @handle.close
    end

    # @return [Boolean]
    def closed?
      @handle.closed?
    end

    # @api private
    # @return [Log]
    attr_reader :log

    # @api private
    def use(&block)
      @handle.use(&block)
    end

    # @return [String]
    def inspect
      "#<#{self.class} #{closed? ? 'closed' : origin}>"
    rescue ClosedError
      retry
    end
    alias to_s inspect

    private

    # A mask, as a killed thread would leave the callback's bookkeeping of ffi behind. Files are read here, no more.
    def create(institute, config)
      Thread.handle_interrupt(Object => :never) do
        Failure.check { |error| Native.tp_client_new(institute, config, @handle.slot, error) }
      end
    end

    def login_within(username, password, call)
      Text.lend("username", username) do |native_username|
        Text.lend("password", password) do |native_password|
          request_token(native_username, native_password, call)
        end
      end
    end

    def request_token(username, password, call)
      Token.obtain(call, @log) do |address, token, error|
        @handle.use { |client| Native.tp_client_login(client, username, password, address, token, error) }
      end
    end
  end
end
