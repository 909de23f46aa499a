* names with blanks, ranges, every kind of bound
NAME          DAIRY
ROWS
 N  TOTAL
 L  COLD ROOM
 G  SOLD
 E  BALANCE
 N  SPARE
COLUMNS
    MILK      TOTAL              1.5   COLD ROOM          2.0
    MILK      SOLD               1.0   SPARE              5.0
    MARKER                 'MARKER'                 'INTORG'
    CREAM     TOTAL             -2.0   COLD ROOM          1.0
    MARKER                 'MARKER'                 'INTEND'
    WHEY      BALANCE            1.0
RHS
    RHS       TOTAL            -12.0   COLD ROOM         40.0
    RHS       SOLD               7.0   BALANCE            3.0
RANGES
    RNG       COLD ROOM         10.0   BALANCE           -1.0
BOUNDS
 UP BND       MILK              30.0
 BV BND       CREAM
 MI BND       WHEY
ENDATA
