# frozen_string_literal: true

require "tmpdir"

# A folder of one test's own, @folder, gone when it ends.
module OwnFolder
  def setup
    super
    @folder = Dir.mktmpdir("testpress")
  end

  def teardown
    FileUtils.remove_entry(@folder)
    super
  end
end
