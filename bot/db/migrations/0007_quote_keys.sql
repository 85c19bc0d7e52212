-- A reader's place among the quotes is a key of 64 bits; the longer ones of before mean nothing to it.

UPDATE readers SET quote_round = quote_round + 1, quote_place = '' WHERE quote_place <> '';
