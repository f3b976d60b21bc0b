# frozen_string_literal: true

require "json"
require_relative "failure"
require_relative "interruptible"
require_relative "origin"
require_relative "text"

module Testpress
  # A login that succeeded: the header of every later request. Immutable, for any number of threads.
  #
  # {authorization}, {header} and {jwt} are secrets: they go to {origin} only, which {apply} sees to. Claims, and what
  # is read from them, are what the token says: a hint, no proof.
  class Token
    include Uncopyable

    # What no date says.
    NEVER = (2**63) - 1
    private_constant :NEVER
    private_class_method :new

    # Makes a token from a JWT that was kept elsewhere. Nothing is sent, and nothing is verified: only the server can.
    # @param institute [String] as for {Client}: where the header may go
    # @param jwt [String] 1 byte to 8 KiB of visible ASCII
    # @return [Token]
    # @raise [InvalidArgumentError] if an argument can't be used
    def self.from_jwt(institute, jwt)
      token = Handle.new("token", :tp_token_free)
      Text.lend("institute", institute) do |native_institute|
        Text.lend("jwt", jwt) do |native_jwt|
          Failure.check { |error| Native.tp_token_from_jwt(native_institute, native_jwt, token.slot, error) }
        end
      end
      new(token)
    end

    # Waits for a native call that gets a token: the block makes it, with the addresses of the call and of where token
    # and error go.
    # @api private
    def self.obtain(call, log)
      token = Handle.new("token", :tp_token_free)
      error = Handle.new("error", :tp_error_free)
      status = Interruptible.run(call, log) do
        call.use { |address| yield address, token.slot, error.slot }
      end
      Failure.raise_unless_ok(status, error)
      new(token)
    end

    # @api private
    def initialize(handle)
      @handle = handle
    end

    # @api private
    def use(&block)
      @handle.use(&block)
    end

    # @return [String] the header's value, "JWT eyJ…": a secret
    def authorization
      text(:tp_auth_value)
    end

    # @return [String] the whole line, "Authorization: JWT eyJ…": a secret
    def header
      text(:tp_auth_header)
    end

    # @return [String] the JWT alone, "eyJ…": a secret
    def jwt
      text(:tp_token_jwt)
    end

    # @return [String] where the header may go, such as "https://demo.testpress.in"
    def origin
      text(:tp_token_origin)
    end

    # @return [Time, nil] when it expires, in UTC; nil when unknown
    def expires_at
      seconds = number(:tp_token_expires_at)
      Time.at(seconds).utc unless seconds.zero?
    end

    # @return [Integer, nil] seconds left by this machine's clock, negative when past; nil when unknown
    def expires_in
      seconds = number(:tp_token_expires_in)
      seconds unless seconds == NEVER
    end

    # @return [String, nil]
    def username
      text(:tp_token_username)
    end

    # @return [Integer, nil]
    def user_id
      id = number(:tp_token_user_id)
      id unless id == -1
    end

    # @return [String, nil]
    def email
      text(:tp_token_email)
    end

    # @return [Hash{String => Object}] empty when the token has none that can be read
    def claims
      # The library reads deeper than JSON's 100.
      JSON.parse(text(:tp_token_claims) || "{}", max_nesting: 200)
    end

    # Adds the header to a request of Net::HTTP if that goes to {origin}. Otherwise takes it away, if it is there, as
    # it is when a request is sent again after a redirect.
    #
    # @param request [Net::HTTPGenericRequest, #[]=]
    # @param destination [URI, String, Net::HTTP] where the request goes: a request made from a path alone does not
    #   know it
    # @return the request
    # @raise [InvalidArgumentError] if there is no destination
    def apply(request, destination = nil)
      destination ||= request.uri if request.respond_to?(:uri)
      value = authorization
      if Origin.same?(origin, destination)
        request["Authorization"] = value
      elsif request["Authorization"] == value
        request["Authorization"] = nil
      end
      request
    end

    # Wipes the token from the library's memory. From now on its methods raise {ClosedError}. More than once does
    # nothing, and the collector does it for a token that is forgotten.
    # @return [nil]
    def close
      @handle.close
    end

    # @return [Boolean]
    def closed?
      @handle.closed?
    end

    # Shows no secret, nor whose it is.
    # @return [String]
    def inspect
      "#<#{self.class} #{closed? ? 'closed' : "for #{origin}"}>"
    rescue ClosedError
      retry
    end
    alias to_s inspect

    private

    def text(function)
      @handle.use { |address| Native.text(function, address) }
    end

    def number(function)
      @handle.use { |address| Native.public_send(function, address) }
    end
  end
end
