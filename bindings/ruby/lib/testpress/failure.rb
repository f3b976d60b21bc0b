# frozen_string_literal: true

require "json"
require_relative "handle"
require_relative "statuses"

module Testpress
  # Turns the library's statuses and error objects into exceptions.
  # @api private
  module Failure
    class << self
      # Calls a function that may fail: yields where it writes its error object, and raises what it says.
      def check
        error = Handle.new("error", :tp_error_free)
        raise_unless_ok(yield(error.slot), error)
      end

      def raise_unless_ok(status, error)
        raise(error.use { |address| exception(status, address) }) unless status.zero?
      ensure
        error.close
      end

      private

      def exception(status, address)
        name = Native.text(:tp_status_name, status)
        message = Native.text(:tp_error_message, address) || name
        STATUSES.fetch(status, Error).new(message, { status: status, status_name: name }.merge(details(address)))
      end

      def details(address)
        body = Native.text(:tp_error_server_body, address)
        {
          http_status: Native.tp_error_http_status(address).nonzero?,
          server_code: Native.text(:tp_error_server_code, address),
          server_message: Native.text(:tp_error_server_message, address),
          server_body: body,
          field_errors: field_errors(body),
          retry_after: known(Native.tp_error_retry_after(address)),
          retryable: Native.tp_error_retryable(address) == 1,
          request_sent: Native.tp_error_request_sent(address) == 1
        }
      end

      def known(seconds)
        seconds unless seconds.negative?
      end

      # {"password": ["This field is required."]}: a field's errors are a list of texts; what else is there is no field.
      def field_errors(body)
        return {} if body.nil?

        answer = JSON.parse(body)
        answer.select { |_field, texts| texts.is_a?(Array) && texts.any? && texts.all?(String) }
      rescue JSON::ParserError
        {}
      end
    end
  end
end
