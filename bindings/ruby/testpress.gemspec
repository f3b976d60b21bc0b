# frozen_string_literal: true

require_relative "lib/testpress/version"

# `rake package` copies the library to vendor/ and builds the gem for this platform; without it, the gem is for every
# platform and finds a library that is installed.
Gem::Specification.new do |spec|
  spec.name = "testpress"
  spec.version = Testpress::VERSION
  spec.summary = "Log in to a Testpress institute and get the Authorization header for every later request"
  spec.description = "Logs users in to a Testpress institute with libtestpress, and adds the header \"Authorization: " \
                     "JWT …\" to requests of Net::HTTP and Faraday: to the institute, and to nowhere else."
  spec.authors = ["The libtestpress authors"]
  spec.licenses = ["MIT", "Apache-2.0"]
  spec.homepage = "https://testpress.in"
  spec.metadata = { "rubygems_mfa_required" => "true" }

  bundled = Dir["vendor/libtestpress.so.*"]
  spec.platform = Gem::Platform.local if bundled.any?
  spec.files = Dir["lib/**/*.rb", "sig/*.rbs", "README.md", "LICENSE-*", ".yardopts"] + bundled

  spec.required_ruby_version = ">= 2.7"
  spec.add_dependency "ffi", ">= 1.15", "< 2"
end
