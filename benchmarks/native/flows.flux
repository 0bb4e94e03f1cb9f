// Flows whose nodes do next to nothing: what is left is what surrounds them.

source Count => Six;
Six = Int1 -> Int2 -> Int3 -> Int4 -> Int5 -> Int6;

source CountTwo => Two;
Two = Int1 -> Int6;

source CountCases => Cases;
Cases = Int1 -> Choose -> Int6;
typedef small IsSmall;
Choose:[small] = Int2 -> Int3;
Choose:[_] = Int4 -> Int5;

source CountLocked => Locked;
Locked = Int1 -> Lock2 -> Lock3 -> Lock4 -> Lock5 -> Lock6;
handle error Lock3 -> Sorry;
constraint Lock2: {stock};
constraint Lock4: {prices, stock};
constraint Lock5: {prices?};
constraint Lock6: {log};
constraint Sorry: {log};

source Open => Values;
Values = Value1 -> Value2 -> Value3 -> Value4 -> Value5 -> Value6;
handle error Value3 -> Regret;

Count () -> (int item);
CountTwo () -> (int item);
CountCases () -> (int item);
CountLocked () -> (int item);
Open () -> (Handle handle, Text text);

Int1 (int item) -> (int item);
Int2 (int item) -> (int item);
Int3 (int item) -> (int item);
Int4 (int item) -> (int item);
Int5 (int item) -> (int item);
Int6 (int item) -> ();
Choose (int item) -> (int item);

Lock2 (int item) -> (int item);
Lock3 (int item) -> (int item);
Lock4 (int item) -> (int item);
Lock5 (int item) -> (int item);
Lock6 (int item) -> ();
Sorry (int item) -> ();

Value1 (Handle handle, Text text) -> (Handle handle, Text text);
Value2 (Handle handle, Text text) -> (Handle handle, Text text);
Value3 (Handle handle, Text text) -> (Handle handle, Text text);
Value4 (Handle handle, Text text) -> (Handle handle, Text text);
Value5 (Handle handle, Text text) -> (Handle handle, Text text);
Value6 (Handle handle, Text text) -> ();
Regret (Handle handle, Text text) -> ();
