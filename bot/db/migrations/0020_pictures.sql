-- Pictures are a part of a digest, on for everybody until they switch it off.
UPDATE readers SET parts = parts || ',pictures';
