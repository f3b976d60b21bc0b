<?php

declare(strict_types=1);

namespace Testpress\Native;

use FFI;
use FFI\CData;
use Testpress\Library;
use Testpress\LibraryException;

/**
 * The way into the native library, and the only class that calls FFI's own methods (cdef, new, addr): under PHP-FPM's
 * ffi.enable=preload they work in preloaded code alone. The library's functions may be called from everywhere.
 *
 * Lives as long as a request; the library itself stays loaded in the process.
 *
 * @internal
 */
final class Bridge
{
    private static ?self $loaded = null;

    /** Keeps the one native callback of a request, see callback(). */
    private ?CData $callbacks = null;

    /**
     * @param FFI $library the library's functions
     */
    private function __construct(public readonly FFI $library, public readonly string $file)
    {
    }

    /** @throws LibraryException */
    public static function get(): self
    {
        return self::$loaded ??= self::load(Candidates::inOrder(Library::chosen()));
    }

    public static function isLoaded(): bool
    {
        return self::$loaded !== null;
    }

    /**
     * Calls a function whose last parameters are a handle to write and an error.
     *
     * @param string $type the handle's type, such as "tp_token"
     * @throws \Testpress\TestpressException of the status that it returned
     */
    public function make(string $type, string $function, #[\SensitiveParameter] mixed ...$arguments): CData
    {
        $handle = $this->library->new("$type *");
        try {
            $this->call($function, ...[...$arguments, FFI::addr($handle)]);
        } catch (\Throwable $throwable) {
            // It may be there: a signal's handler, which runs when the call has returned, can throw, too.
            $this->library->{"{$type}_free"}($handle);
            throw $throwable;
        }
        return $handle;
    }

    /**
     * Calls a function whose last parameter is an error.
     *
     * @throws \Testpress\TestpressException of the status that it returned
     */
    public function call(string $function, #[\SensitiveParameter] mixed ...$arguments): void
    {
        $error = $this->library->new('tp_error *');
        $status = $this->library->$function(...[...$arguments, FFI::addr($error)]);
        if ($status !== 0) {
            throw Failure::of($this->library, $status, $error);
        }
    }

    /**
     * A native callback into PHP. Each one that PHP makes lasts until the end of the request, so there is one.
     *
     * @param \Closure(mixed, int, string): void $receive counts the first time
     */
    public function callback(\Closure $receive): CData
    {
        if ($this->callbacks === null) {
            $this->callbacks = $this->library->new('tp_log_callback[1]');
            $this->callbacks[0] = $receive;
        }
        return $this->callbacks[0];
    }

    /** @param array<string, string> $candidates */
    private static function load(array $candidates): self
    {
        $loader = self::systemsLoader();
        $tried = [];
        foreach ($candidates as $file => $origin) {
            try {
                return self::open($file);
            } catch (FFI\Exception $exception) {
                $tried[] = "$file ($origin): " . LoaderError::words($loader?->dlerror(), $file, $exception);
            }
        }
        throw LoaderError::notFound($tried);
    }

    private static function open(string $file): self
    {
        // Step by step: FFI refuses a whole list of declarations for one that the library doesn't have.
        Compatibility::checkAbi($file, FFI::cdef(Declarations::OF_ABI, $file)->tp_abi_version());
        Compatibility::checkVersion($file, FFI::cdef(Declarations::OF_VERSION, $file)->tp_version_number());
        return new self(FFI::cdef(Declarations::ALL, $file), $file);
    }

    /** Knows why a file could not be loaded, which PHP doesn't tell. The first use of FFI: shows whether it is on. */
    private static function systemsLoader(): ?FFI
    {
        if (!class_exists(FFI::class, false)) {
            throw Failure::notLoaded(LibraryException::FFI_OFF, FfiSettings::withoutExtension());
        }
        try {
            return FFI::cdef('const char *dlerror(void);');
        } catch (FFI\Exception $exception) {
            if (str_contains($exception->getMessage(), 'ffi.enable')) {
                throw Failure::notLoaded(LibraryException::FFI_OFF, FfiSettings::switchedOff());
            }
            return null;
        }
    }
}
