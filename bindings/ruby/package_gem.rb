# frozen_string_literal: true

require "fileutils"
require_relative "lib/testpress/version"

# Builds the gem for this platform, with the library in it. Works on a copy, so that the source folder stays clean.
class PackageGem
  HERE = __dir__
  TOP = File.expand_path("../..", HERE)
  LIBRARY = "libtestpress.so.1"
  SOURCES = %w[lib sig README.md .yardopts testpress.gemspec].freeze

  # @param library [String] the built libtestpress.so.1
  # @param folder [String] where the gem goes
  def initialize(library, folder)
    @library = File.expand_path(library)
    @folder = File.expand_path(folder)
    @copy = File.join(@folder, "package")
  end

  # @return [String] the path of the gem
  def build
    abort "#{@library} is not there: run make first" unless File.file?(@library)

    copy
    file = File.join(@folder, "testpress-#{Testpress::VERSION}-#{Gem::Platform.local}.gem")
    command = [Gem.ruby, "-S", "gem", "build", "--silent", "--strict", "--output", file, "testpress.gemspec"]
    system(*command, chdir: @copy) || abort("gem build failed")
    file
  end

  private

  def copy
    FileUtils.rm_rf(@copy)
    FileUtils.mkdir_p(File.join(@copy, "vendor"))
    FileUtils.cp_r(SOURCES.map { |name| File.join(HERE, name) }, @copy)
    FileUtils.cp(Dir[File.join(TOP, "LICENSE-*")], @copy)
    FileUtils.cp(@library, File.join(@copy, "vendor", LIBRARY))
    make_readable
  end

  # Whoever installs the gem is not who built it.
  def make_readable
    Dir.glob("**/*", File::FNM_DOTMATCH, base: @copy).each do |name|
      path = File.join(@copy, name)
      File.chmod(File.directory?(path) ? 0o755 : 0o644, path)
    end
  end
end
