# frozen_string_literal: true

require "ffi"
require_relative "errors"

module Testpress
  # Finds the shared library, opens it, and makes sure that it is one this gem can call.
  #
  # The first of these counts: {Testpress.library_path=}, the variable TESTPRESS_LIBRARY, the file bundled in the gem,
  # the system's library. What somebody asked for, in code or variable, is taken or fails: nothing else is tried then.
  # @api private
  module Library
    # The number is the ABI's: a library of another one has another name.
    FILE = "libtestpress.so.1"
    BUNDLED = File.expand_path("../../vendor/#{FILE}", __dir__)
    VARIABLE = "TESTPRESS_LIBRARY"
    ABI = 1
    # 0.1.0, counted as tp_version_number does.
    OLDEST = 1000

    HINT = "Install the gem for your platform, or build libtestpress and set Testpress.library_path or #{VARIABLE} " \
           "to the file"

    class << self
      # @return [FFI::DynamicLibrary]
      def open(setting)
        path, library = wanted(setting) || found
        check(library, path)
        library
      end

      private

      # Set to nothing is as good as not set.
      def wanted(setting)
        settings = { "Testpress.library_path" => setting, VARIABLE => ENV.fetch(VARIABLE, nil) }
        source, path = settings.find { |_source, value| value && !value.empty? }
        return if path.nil?

        path = File.expand_path(path)
        [path, dlopen(path)]
      rescue LoadError, ArgumentError => error
        raise LibraryNotFoundError, "libtestpress can't be loaded from #{source}: #{reason(error)}"
      end

      def found
        tried = [BUNDLED, FILE].map do |path|
          return [path, dlopen(path)]
        rescue LoadError => error
          "  #{reason(error)}"
        end
        raise LibraryNotFoundError, "libtestpress was not found; tried:\n#{tried.join("\n")}\n#{HINT}"
      end

      def dlopen(path)
        FFI::DynamicLibrary.open(path, FFI::DynamicLibrary::RTLD_NOW | FFI::DynamicLibrary::RTLD_LOCAL)
      end

      # The loader's own words name the file and what is wrong with it.
      def reason(error)
        error.message.sub(/\ACould not open library '.*?': /m, "")
      end

      def check(library, path)
        abi = number(library, "tp_abi_version")
        raise LibraryAbiError, "#{path} is not libtestpress: it has no tp_abi_version" if abi.nil?
        raise LibraryAbiError, "#{path} has ABI #{abi}; this gem needs ABI #{ABI}" if abi != ABI

        version = number(library, "tp_version_number") || 0
        return if version >= OLDEST

        raise LibraryTooOldError,
              "#{path} is libtestpress #{dotted(version)}; this gem needs #{dotted(OLDEST)} or newer"
      end

      def number(library, name)
        address = library.find_function(name)
        FFI::Function.new(:int32, [], address).call if address
      end

      def dotted(number)
        [number / 1_000_000, number / 1000 % 1000, number % 1000].join(".")
      end
    end
  end
end
