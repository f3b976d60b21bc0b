# frozen_string_literal: true

module Testpress
  # What every failure is. Its subclasses say which: {NetworkError} (no answer), {RefusedError} (the server said no),
  # {ServerFaultError} (the server failed), and those of the caller directly below this class.
  #
  # The message is for the developer; what a user may read is {#server_message}. No text carries a password or a token.
  class Error < StandardError
    # @return [Integer, nil] the library's status, such as 20; nil when the library was not reached ({LibraryError})
    attr_reader :status
    # @return [String, nil] the status' name, such as "TP_E_REJECTED"
    attr_reader :status_name
    # @return [Integer, nil] the HTTP status of the answer, such as 429; nil when there was no answer
    attr_reader :http_status
    # @return [String, nil] the server's "error_code", such as "max_login_exceeded"
    attr_reader :server_code
    # @return [String, nil] the server's own words for the user. They may hold anything: escape them before they go
    #   into a page.
    attr_reader :server_message
    # @return [String, nil] the server's whole JSON answer; nil when it was no JSON object, or longer than 8 KiB
    attr_reader :server_body
    # @return [Hash{String => Array<String>}] the server's words for each field of a form; empty when it named none
    attr_reader :field_errors
    # @return [Integer, nil] seconds to wait before the next try, where the server named them
    attr_reader :retry_after
    # @return [Boolean] whether the same call may work later
    attr_reader :retryable
    alias retryable? retryable
    # @return [Boolean] whether the server may have seen the request
    attr_reader :request_sent
    alias request_sent? request_sent

    DEFAULTS = {
      http_status: nil, server_code: nil, server_message: nil, server_body: nil, field_errors: {}.freeze,
      retry_after: nil, retryable: false, request_sent: false
    }.freeze
    private_constant :DEFAULTS

    # @param message [String, nil]
    # @param details [Hash{Symbol => Object}] attributes by name; those of the class where they are left out
    def initialize(message = nil, details = {})
      super(message)
      own = { status: self.class.status, status_name: self.class.status_name }
      DEFAULTS.merge(own, details).each { |name, value| instance_variable_set(:"@#{name}", value) }
    end

    class << self
      # @return [Integer, nil] the status that this class stands for; nil for a group
      def status
        STATUSES.key(self) || (superclass.status if superclass <= Error)
      end

      # @return [String, nil] that status' name
      def status_name
        STATUS_NAMES[status]
      end
    end
  end

  # No answer came.
  class NetworkError < Error; end
  # The server answered, and said no.
  class RefusedError < Error; end
  # The server failed, or something in its place.
  class ServerFaultError < Error; end

  # An argument or option breaks a rule; the message names it and what it takes.
  class InvalidArgumentError < Error; end
  # The client, session, token or call was closed.
  class ClosedError < InvalidArgumentError; end
  # A bug in the library, or the process is out of descriptors or threads.
  class InternalError < Error; end
  # The call was cancelled with {Call#cancel}.
  class CancelledError < Error; end
  # The token store can't be used. Only {Session#check_store} raises it.
  class StoreError < Error; end

  # The name of the host could not be resolved.
  class DnsError < NetworkError; end
  # No address of the host accepted a connection.
  class ConnectError < NetworkError; end
  # No trusted connection: the certificate was refused, or the handshake failed.
  class TlsError < NetworkError; end
  # The proxy could not be used.
  class ProxyError < NetworkError; end
  # The deadline passed; {Error#request_sent} tells whether the server may have seen the request.
  class TimeoutError < NetworkError; end
  # The connection was lost after the request was sent and before its answer came.
  class OutcomeUnknownError < NetworkError; end

  # The server rejected the credentials: wrong name or password, or an inactive user.
  class RejectedError < RefusedError; end
  # The account is locked after too many failed logins.
  class LockedError < RefusedError; end
  # The user is logged in on too many devices.
  class TooManyDevicesError < RefusedError; end
  # Too many requests; {Error#retry_after} tells the wait when the server named one.
  class ThrottledError < RefusedError; end
  # The server did not accept the token: expired, withdrawn, or of a disabled user.
  class UnauthorizedError < RefusedError; end
  # The user may not do this.
  class ForbiddenError < RefusedError; end
  # No such page: check the institute and api_version.
  class NotFoundError < RefusedError; end
  # The server did not accept the request; {Error#field_errors} names the fields.
  class BadRequestError < RefusedError; end

  # The server failed (HTTP 5xx).
  class ServerError < ServerFaultError; end
  # The answer is not one of the Testpress API: a captive portal, a redirect, malformed or cut short.
  class BadResponseError < ServerFaultError; end

  # libtestpress could not be loaded.
  class LibraryError < Error; end
  # There is no libtestpress, or it can't be read; the message lists every path that was tried.
  class LibraryNotFoundError < LibraryError; end
  # The file is a library, but not one of the ABI that this gem speaks.
  class LibraryAbiError < LibraryError; end
  # The library is older than this gem needs.
  class LibraryTooOldError < LibraryError; end
end
