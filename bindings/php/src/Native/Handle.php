<?php

declare(strict_types=1);

namespace Testpress\Native;

use FFI\CData;

/**
 * A native object, which is freed once: after it was closed, and after the last use that had begun by then has ended.
 *
 * A signal's handler runs between any two calls and jumps, and may close what is just being used. So nothing stands
 * between reading a property here and setting it.
 *
 * @internal
 */
final class Handle
{
    private bool $isOpen = true;

    /** The first is the owner's. */
    private int $uses = 1;

    public function __construct(private ?CData $pointer, private readonly string $free)
    {
    }

    /** For an owner that nothing can close meanwhile; null when it is freed. */
    public function pointer(): ?CData
    {
        return $this->pointer;
    }

    /**
     * @template T
     * @param \Closure(?CData): T $use gets null when it is freed
     * @return T
     */
    public function lend(#[\SensitiveParameter] \Closure $use): mixed
    {
        $this->uses++;
        try {
            return $use($this->pointer);
        } finally {
            $this->release();
        }
    }

    public function close(): void
    {
        $wasOpen = $this->isOpen;
        $this->isOpen = false;
        if ($wasOpen) {
            $this->release();
        }
    }

    /** Whoever uses it: for when nobody will go on. */
    public function free(): void
    {
        $pointer = $this->pointer;
        $this->pointer = null;
        if ($pointer !== null) {
            Bridge::get()->library->{$this->free}($pointer);
        }
    }

    private function release(): void
    {
        if (--$this->uses === 0) {
            $this->free();
        }
    }
}
