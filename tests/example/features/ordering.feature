@ordering
Feature: Ordering
  A signed-in customer orders products with the shop's order form. The shop confirms the products and the total,
  stores the order, and shows it only to that customer. An order storage is a named set of orders with its own history.
  Each payment method belongs to a payment account of the shop. The payment account is connected if it can take payments.
  The prices of "Product 3" and "Product 4" should have cents, so that rounding errors show. The shop has fewer than three
  of the "scarce product". An order that names no payment method uses the first one in the shop's profile, the file that
  says what the names in the features mean. Some scenarios begin with an unrelated order or sign-in. The last step checks
  that it has not changed. Most of these orders use the second payment method, so that the check also notices if the shop
  mixes up the payment methods of two orders.

  Background:
    Given Christina has signed in

  Rule: The total of an order, previewed or placed, is the sum of its product prices

    @severity:critical
    Scenario: The total of an order with several products is the sum of their prices
      When Christina orders:
        | 1 | Product 14 |
        | 3 | Product 2  |
      Then the order confirmation shows the ordered products, the payment method and the correct total
      And Christina sees the order as it was confirmed
      And nothing else has changed

    Scenario Outline: The total of <quantity> "<product>" has no rounding error
      When Christina orders <quantity> "<product>"
      Then the order confirmation shows the ordered products, the payment method and the correct total
      And Christina sees the order as it was confirmed
      And nothing else has changed

      Examples:
        | quantity | product   |
        | 3        | Product 3 |
        | 7        | Product 4 |

    Scenario: A customer can preview a price before ordering
      Given Christina has ordered 1 "Product 14" with the second payment method
      When Christina previews the price of 3 "Product 4"
      Then the preview shows the price of each product and their sum
      And nothing has changed

    Scenario: An order costs the previewed total
      Given Christina has previewed the price of 3 "Product 4"
      When Christina orders 3 "Product 4"
      Then the order's total is the previewed total
      And nothing else has changed

  Rule: The order history shows the customer's orders of one order storage, page by page
    The customer's user group limits how many orders the history shows; the default is ten.

    Scenario: A new order appears in the customer's order history
      Given Christina has viewed the order history
      When Christina orders 2 "Product 14"
      Then Christina's order history shows the order
      And nothing else has changed

    Scenario: The pages of the order history do not overlap
      Given Christina has ordered 1 "Product 14"
      And Christina has ordered 2 "Product 14" with the second payment method
      And Christina has ordered 3 "Product 2"
      When Christina pages through the order history, 2 per page
      Then the second page has the next orders and repeats none
      And nothing has changed

    @mock_only
    Scenario: The order history shows the ten newest orders if the user group has that limit
      Given Christina has placed 11 orders of 1 "Product 14" each
      When Christina pages through the order history, 8 per page
      Then the two pages show the 10 newest orders
      And nothing has changed

    Scenario: The order history does not show orders from another order storage
      Given Christina has viewed the order history
      When Christina orders 1 "Product 14" in another order storage with the payment method "card"
      Then the order confirmation shows the ordered products and the correct total
      And the order in the other order storage shows 1 "Product 14"
      And Christina's order history does not show the order
      And nothing else has changed

  Rule: The shop accepts and stores orders
    An order without products can be a booking, for example.

    Scenario: A customer can place an order without products
      When Christina places an order without products
      Then the order confirmation shows no products, the payment method and a total of zero
      And Christina sees the order as it was confirmed
      And nothing else has changed

    Scenario: A new order has the shop's default order status
      When Christina orders 1 "Product 14"
      Then the order's status is the shop's default order status
      And nothing else has changed

    Scenario: An order keeps the payment method that the customer chose
      When Christina orders 1 "Product 14" with the payment method "card"
      Then the order confirmation shows the ordered products, the payment method and the correct total
      And Christina sees the order as it was confirmed
      And nothing else has changed

    Scenario: An order confirmation shows the buyer's name
      Given Christina has ordered 1 "Product 14"
      And Christina has filled in the order form with a new name for the buyer
      When Christina orders 2 "Product 14" with that order form
      Then the order confirmation shows the buyer's name, the ordered products and the correct total
      And nothing else has changed

    Scenario Outline: The buyer's name "<name>" is stored unchanged
      Given Christina has filled in the order form with the name "<name>"
      When Christina orders 1 "Product 14" with that order form
      Then the order confirmation shows the buyer's name, the ordered products and the correct total
      And the order shows the buyer's name exactly as Christina entered it
      And nothing else has changed

      Examples:
        | name               |
        | Зоя Ёлкина         |
        | محمد عبد الله      |
        | Zoë 王小明 🛍️👩‍👩‍👧 |

  Rule: The order form asks for what an order needs

    Scenario: The order form requires only fields that the customer fills in
      When Christina opens the order form
      Then the order form has each field that the customer fills in, and requires no other field

  Rule: Orders do not change unless the customer changes them

    Scenario: Placing an order does not change earlier orders
      Given Christina has ordered 2 "Product 14" with the second payment method
      When Christina orders 1 "Product 2"
      Then the order confirmation shows the ordered products, the payment method and the correct total
      And nothing else has changed

    Scenario: Orders of different customers do not affect each other
      Given Ben has signed in
      And Christina has ordered 1 "Product 14" with the second payment method
      And Ben has ordered 3 "Product 2"
      When Christina orders 2 "Product 2"
      Then the order confirmation shows the ordered products, the payment method and the correct total
      And nothing else has changed

    Scenario Outline: Orders do not change when the customer <action>
      Given Christina has ordered 1 "Product 14" with the second payment method
      And Christina has opened a payment session for the order
      When Christina <action>
      Then Christina sees the order as it was confirmed
      And Christina can view the customer account, with the correct user name
      And nothing else has changed

      Examples:
        | action                     |
        | signs in again             |
        | renews the sign-in session |

    Scenario: Orders do not change when signing in fails
      Given Ben has signed in
      And Ben has ordered 1 "Product 14" with the second payment method and opened a payment session
      When Ben tries to sign in with a wrong password
      Then the shop refuses the request
      And nothing has changed

    Scenario: Changing an order does not change the customer's other orders
      Given Christina has ordered 1 "Product 14" with the second payment method and opened a payment session
      And Christina has ordered 3 "Product 2" with the second payment method
      When Christina changes the newest order to 2 "Product 2"
      Then the confirmation of the change shows the new products, the payment method and the correct total
      And nothing else has changed

    Scenario: A refused order does not change any customer's orders
      Given Christina has ordered 2 "Product 2" with the second payment method
      And Ben has signed in
      And Ben has ordered 1 "Product 14"
      When Christina tries to order 1 "Product 14" with the payment method "bank transfer", which is not connected
      Then the shop refuses the request with the message "Your payment account is not connected."
      And nothing has changed

  Rule: A customer can change an order until it is paid or its payment session expires

    Scenario: A customer can change the products of an unpaid order
      Given Christina has ordered 1 "Product 14"
      When Christina changes the order to 2 "Product 2"
      Then the confirmation of the change shows the new products, the payment method and the correct total
      And Christina sees the order as the change was confirmed
      And nothing else has changed

    Scenario: A changed order shows its new products, even if it was viewed before
      Given Christina has ordered 1 "Product 14"
      And Christina has viewed the order history
      And Christina has viewed the order
      When Christina changes the order to 2 "Product 2"
      Then the order shows 2 "Product 2"
      And nothing else has changed

    @mock_only
    Scenario Outline: A customer cannot change an order whose payment is <outcome>
      Given Christina has ordered 1 "Product 14" with the payment method "card"
      And Christina has opened a payment session for the order
      And the payment provider has reported the payment as <outcome>
      When Christina tries to change the order to 2 "Product 2"
      Then the shop refuses the request as invalid
      And nothing has changed

      Examples:
        | outcome   |
        | completed |
        | expired   |

  Rule: Invalid orders are refused
    The preview of one "scarce product" shows that the shop sells it: only the quantity is wrong.

    Scenario: An order with an empty order form is refused
      Given Christina has signed in on a phone
      When Christina tries to order 1 "Product 14" with an empty order form
      Then the shop refuses the request with the message "empty form data section"
      And nothing has changed

    Scenario: Ordering more than the shop has in stock is refused
      Given Christina has previewed the price of 1 "scarce product"
      When Christina tries to order 3 "scarce product"
      Then the shop refuses the request as invalid
      And nothing has changed

    Scenario: An order line without a product ID is refused
      When Christina tries to place an order with a line that has no product ID
      Then the shop refuses the request with the message "products.0.productId must be a number conforming to the specified constraints"
      And nothing has changed

    Scenario: Ordering with a payment method that is not connected is refused
      When Christina tries to order 1 "Product 14" with the payment method "bank transfer", which is not connected
      Then the shop refuses the request with the message "Your payment account is not connected."
      And nothing has changed

    @undocumented
    Scenario: Ordering in an order storage that does not exist is refused
      When Christina tries to order 1 "Product 14" in an order storage that does not exist
      Then the shop refuses the request
      And nothing has changed

  Rule: Some shops refuse orders that make no sense
    OneEntry does not promise this.

    @undocumented @unpromised
    Scenario Outline: Ordering a quantity of <quantity> is refused
      When Christina tries to order <quantity> "Product 14"
      Then the shop refuses the request
      And nothing has changed

      Examples:
        | quantity |
        | 0        |
        | -1       |
        | 1.5      |

    @undocumented @unpromised
    Scenario: Ordering a product that does not exist is refused
      When Christina tries to order a product that does not exist
      Then the shop refuses the request
      And nothing has changed

  Rule: Only the customer who placed an order can view or change it
    Ben first succeeds with an order that Ben placed. So a refusal has only one reason: the order is Christina's.

    @severity:critical
    Scenario: An order does not appear in another customer's order history
      Given Ben has signed in, ordered 1 "Product 14" and found it in the order history
      When Christina orders 1 "Product 14"
      Then Ben's order history does not show Christina's order
      And nothing else has changed

    @severity:critical @undocumented
    Scenario: A customer cannot view another customer's order
      Given Christina has ordered 1 "Product 14"
      And Ben has signed in, ordered 1 "Product 14" and viewed it
      When Ben tries to view Christina's order
      Then the shop refuses the request
      And nothing has changed

    @severity:critical @undocumented
    Scenario: A customer cannot change another customer's order
      Given Christina has ordered 1 "Product 14"
      And Ben has signed in, ordered 1 "Product 14" and changed it
      When Ben tries to change Christina's order to 5 "Product 14"
      Then the shop refuses the request
      And nothing has changed

  Rule: Some shops accept long names
    OneEntry does not promise this: the order form can have a limit.

    @unpromised
    Scenario: A buyer's name of 240 characters is stored unchanged
      Given Christina has filled in the order form with a name of 240 characters
      When Christina orders 1 "Product 14" with that order form
      Then the order shows the buyer's name exactly as Christina entered it
      And nothing else has changed

  Rule: Some shops refuse orders from visitors
    OneEntry does not promise this. Ben has signed in, too: a visitor's order must not appear as the order of a customer.

    @undocumented @unpromised
    Scenario: Ordering without signing in is refused
      Given Ben has signed in
      When a visitor tries to order 1 "Product 14"
      Then the shop denies the visitor access
      And nothing has changed
