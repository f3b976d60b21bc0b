# frozen_string_literal: true

require "ffi"
require_relative "library"
require_relative "log"

module Testpress
  # The library's functions, as include/testpress.h declares them. {load} comes before the first of them.
  # @api private
  module Native
    # name => [result, arguments]
    FUNCTIONS = {
      tp_version: [:string, []],
      tp_status_name: [:string, [:int32]],

      tp_token_free: [:void, [:pointer]],
      tp_token_from_jwt: [:int32, %i[pointer pointer pointer pointer]],
      tp_auth_header: [:string, [:pointer]],
      tp_auth_value: [:string, [:pointer]],
      tp_token_jwt: [:string, [:pointer]],
      tp_token_origin: [:string, [:pointer]],
      tp_token_expires_at: [:int64, [:pointer]],
      tp_token_expires_in: [:int64, [:pointer]],
      tp_token_username: [:string, [:pointer]],
      tp_token_email: [:string, [:pointer]],
      tp_token_user_id: [:int64, [:pointer]],
      tp_token_claims: [:string, [:pointer]],

      tp_error_free: [:void, [:pointer]],
      tp_error_message: [:string, [:pointer]],
      tp_error_http_status: [:int32, [:pointer]],
      tp_error_server_code: [:string, [:pointer]],
      tp_error_server_message: [:string, [:pointer]],
      tp_error_server_body: [:string, [:pointer]],
      tp_error_retry_after: [:int64, [:pointer]],
      tp_error_retryable: [:int32, [:pointer]],
      tp_error_request_sent: [:int32, [:pointer]],

      tp_config_new: [:pointer, []],
      tp_config_free: [:void, [:pointer]],
      tp_config_set: [:int32, %i[pointer pointer pointer pointer]],
      tp_config_set_log: [:int32, %i[pointer int32 pointer pointer]],

      tp_call_new: [:pointer, [:int64]],
      tp_call_cancel: [:void, [:pointer]],
      tp_call_free: [:void, [:pointer]],

      tp_client_new: [:int32, %i[pointer pointer pointer pointer]],
      tp_client_free: [:void, [:pointer]],
      tp_client_origin: [:string, [:pointer]],
      tp_client_login: [:int32, %i[pointer pointer pointer pointer pointer pointer]],

      tp_session_new: [:int32, %i[pointer pointer pointer pointer pointer]],
      tp_session_free: [:void, [:pointer]],
      tp_session_token: [:int32, %i[pointer pointer pointer pointer]],
      tp_session_reject: [:void, %i[pointer pointer]],
      tp_session_check_store: [:int32, %i[pointer pointer]]
    }.freeze

    # These wait for files or the network; Ruby's other threads run meanwhile.
    BLOCKING = %i[tp_client_new tp_client_login tp_session_token tp_session_check_store].freeze

    LOADING = Mutex.new
    private_constant :LOADING

    @library_path = nil
    @loaded = false
    @log_callback = nil

    class << self
      # The path set in code, before anything is loaded.
      attr_reader :library_path

      def library_path=(path)
        LOADING.synchronize do
          raise LibraryError, "the library is loaded already: set library_path before the first use" if @loaded

          @library_path = path&.to_s
        end
      end

      def load
        return if @loaded

        LOADING.synchronize { attach(Library.open(@library_path)) unless @loaded }
      end

      # The function that every logging client calls. There is one for the whole process, never freed: a client that is
      # freed late can't call one that is gone. Made when it is first needed, as ffi starts a thread with it.
      # @return [FFI::Function]
      def log_callback
        LOADING.synchronize do
          @log_callback ||= FFI::Function.new(:void, %i[pointer int32 string], &Log.method(:receive))
        end
      end

      # A text of the library's, which is UTF-8 whatever the locale.
      # @return [String, nil]
      def text(function, *arguments)
        public_send(function, *arguments)&.force_encoding(Encoding::UTF_8)
      end

      private

      def attach(library)
        # Unloading is never an option: threads may be inside.
        @library = library
        FUNCTIONS.each do |name, (result, arguments)|
          function = FFI::Function.new(result, arguments, address_of(name), blocking: BLOCKING.include?(name))
          function.attach(self, name.to_s)
        end
        @loaded = true
      end

      def address_of(name)
        @library.find_function(name.to_s) ||
          raise(LibraryTooOldError, "#{@library.name} has no #{name}, which this gem needs")
      end
    end
  end
end
