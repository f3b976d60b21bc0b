# frozen_string_literal: true

require "uri"
require_relative "errors"

module Testpress
  # Scheme, host and port: what a secret is for.
  # @api private
  module Origin
    class << self
      # @param origin [String] as a token gives it
      # @param destination [URI, String, Net::HTTP]
      def same?(origin, destination)
        of(origin) == of(destination)
      end

      private

      def of(place)
        return of_connection(place) if place.respond_to?(:use_ssl?)

        uri = parse(place)
        [uri.scheme&.downcase, bare(uri.host), uri.port]
      end

      # A Net::HTTP: what it connects to counts, whatever a request says.
      def of_connection(http)
        [http.use_ssl? ? "https" : "http", bare(http.address), http.port]
      end

      def parse(place)
        return place if place.is_a?(URI::Generic)

        URI.parse(String.try_convert(place) || raise(InvalidArgumentError, "no destination: give a URI or a Net::HTTP"))
      rescue URI::InvalidURIError
        raise InvalidArgumentError, "the destination is no URI", cause: nil
      end

      # "[::1]" in a URI is "::1" on a connection.
      def bare(host)
        host&.downcase&.delete_prefix("[")&.delete_suffix("]")
      end
    end
  end
end
