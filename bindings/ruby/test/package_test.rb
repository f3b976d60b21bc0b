# frozen_string_literal: true

require "rubygems/package"
require_relative "../package_gem"
require_relative "own_folder"
require_relative "test_case"

# The gem as its users have it: built, installed, and used without anything of this repository.
class PackageTest < TestCase
  include OwnFolder

  LIBRARY = ENV.fetch("TESTPRESS_LIBRARY")

  def gem_home
    File.join(@folder, "home")
  end

  # Nothing but what is in the gem, and the ffi that is installed.
  def environment
    { "GEM_HOME" => gem_home, "GEM_PATH" => [gem_home, *Gem.path].join(":"), "TESTPRESS_LIBRARY" => nil,
      "RUBYLIB" => nil }
  end

  def run_command(*command)
    output, status = Open3.capture2e(environment, *command, chdir: @folder)
    assert_predicate status, :success?, output
    output
  end

  def install
    gem = PackageGem.new(LIBRARY, @folder).build
    run_command(RbConfig.ruby, "-S", "gem", "install", "--local", "--no-document", gem)
    gem
  end

  def test_an_installed_gem_logs_in_with_its_own_library
    install
    script = 'require "testpress"; puts Testpress.login(ENV["TESTPRESS_INSTITUTE"], "testpress", "demo").username, ' \
             'File.foreach("/proc/self/maps").grep(/libtestpress/).first[%r{/.*}]'
    username, library = run_command(RbConfig.ruby, "-w", "-e", script).lines(chomp: true)
    assert_equal "testpress", username
    installed = Dir[File.join(File.realpath(gem_home), "gems/testpress-*/vendor/libtestpress.so.1")]
    assert_equal installed, [File.realpath(library)]
  end

  def test_an_installed_gem_has_its_faraday_middleware
    install
    assert_equal "true\n", run_command(RbConfig.ruby, "-e", <<~RUBY)
      require "testpress/faraday"
      puts Faraday::Request.lookup_middleware(:testpress) == Testpress::FaradayMiddleware
    RUBY
  end

  def test_what_is_in_it
    specification = Gem::Package.new(PackageGem.new(LIBRARY, @folder).build).spec
    assert_equal Gem::Platform.local, specification.platform
    assert_equal Testpress::VERSION, specification.version.to_s
    names = specification.files
    ["lib/testpress.rb", "vendor/libtestpress.so.1", "README.md", "LICENSE-MIT", "LICENSE-APACHE",
     "sig/testpress.rbs"].each { |name| assert_includes names, name }
    assert_empty names.grep_v(%r{\A(lib|sig|vendor)/|\AREADME|\ALICENSE|\A\.yardopts})
    assert_equal ["ffi"], specification.runtime_dependencies.map(&:name)
  end

  def test_building_leaves_the_source_folder_as_it_was
    list = -> { Dir.glob("**/*", File::FNM_DOTMATCH, base: BINDING).sort }
    before = list.call
    PackageGem.new(LIBRARY, @folder).build
    assert_equal before, list.call
  end
end
