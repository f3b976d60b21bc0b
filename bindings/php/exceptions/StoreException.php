<?php

declare(strict_types=1);

namespace Testpress;

/** TP_E_STORE: the token store can't be used. Only Session::checkStore() throws it. */
final class StoreException extends TestpressException
{
}
