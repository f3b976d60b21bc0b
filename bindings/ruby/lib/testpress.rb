# frozen_string_literal: true

require_relative "testpress/version"
require_relative "testpress/errors"
require_relative "testpress/statuses"
require_relative "testpress/client"
require_relative "testpress/session"

# Logs users in to a Testpress institute, and hands out the "Authorization: JWT …" header of every later request.
#
#     token = Testpress.login("demo", username, password)
#     token.apply(Net::HTTP::Get.new(uri))
#
# A program that talks to its institute all day has a {Session}, whose token is always good.
#
# Every failure is an {Error}. The library is loaded at the first use.
module Testpress
  class << self
    # Logs in once. A program that logs in more than once keeps a {Client}.
    #
    # @param institute (see Client#initialize)
    # @param username (see Client#login)
    # @param password (see Client#login)
    # @param timeout (see Client#login)
    # @param options (see Client#initialize)
    # @return [Token]
    # @raise (see Client#initialize)
    # @raise (see Client#login)
    def login(institute, username, password, timeout: nil, **options)
      Client.open(institute, **options) { |client| client.login(username, password, timeout: timeout) }
    end

    # @return [String, nil] where libtestpress is, as set in code
    def library_path
      Native.library_path
    end

    # Says where libtestpress is; it goes before the variable TESTPRESS_LIBRARY, the file in the gem and the system's.
    # @param path [#to_s, nil]
    # @raise [LibraryError] if a library is loaded already
    def library_path=(path)
      Native.library_path = path
    end

    # @return [String] the version of the loaded library, such as "0.1.0"
    # @raise [LibraryError] if it can't be loaded
    def library_version
      Native.load
      Native.text(:tp_version)
    end
  end
end
