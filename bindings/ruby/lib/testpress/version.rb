# frozen_string_literal: true

module Testpress
  # The version of this gem; the library has its own, see {Testpress.library_version}.
  VERSION = "0.1.0"
end
