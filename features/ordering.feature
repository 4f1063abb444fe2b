@ordering
Feature: Ordering
  A signed-in customer orders products in a form. The shop confirms what was ordered and at what price,
  keeps it, and shows it to nobody else.

  Background:
    Given Christina has signed in

  Rule: An order costs what its products cost

    @severity:critical
    Scenario: Several products are added up
      When Christina orders:
        | 1 | Product 14 |
        | 3 | Product 2  |
      Then the order is confirmed as placed, at the price of its products
      And the order reads back as it was placed
      And nothing else has changed

    Scenario Outline: Fractions of money stay exact for <number> "<product>"
      When Christina orders <number> "<product>"
      Then the order is confirmed as placed, at the price of its products
      And the order reads back as it was placed
      And nothing else has changed

      Examples:
        | number | product   |
        | 3      | Product 3 |
        | 7      | Product 4 |

    Scenario: The price is known before ordering
      Given Christina has ordered 1 "Product 14", to be paid by another account if there is one
      When Christina asks what 3 "Product 4" would cost
      Then the price is that of the products
      And nothing else has changed

    Scenario: An order costs what was announced
      Given Christina has asked what 3 "Product 4" would cost
      When Christina orders 3 "Product 4"
      Then the order costs what was announced
      And nothing else has changed

  Rule: What was ordered is kept

    Scenario: An order is in its buyer's history
      Given Christina has looked at the order history
      When Christina orders 2 "Product 14"
      Then the order history of Christina shows the order as it was placed
      And nothing else has changed

    Scenario: An order leaves the orders before it as they are
      Given Christina has ordered 2 "Product 14", to be paid by another account if there is one
      When Christina orders 1 "Product 2"
      Then the order is confirmed as placed, at the price of its products
      And nothing else has changed

    Scenario: Customers who order in turn keep their own orders
      Given Ben has signed in
      And Christina has ordered 1 "Product 14", to be paid by another account if there is one
      And Ben has ordered 3 "Product 2"
      When Christina orders 2 "Product 2"
      Then the order is confirmed as placed, at the price of its products
      And nothing else has changed

    Scenario Outline: Orders stay as they are when the buyer <comes back>
      Given Christina has begun to pay for 1 "Product 14" by another account if there is one
      When Christina <comes back>
      Then the shop knows Christina
      And nothing else has changed

      Examples:
        | comes back         |
        | signs in           |
        | renews the sign-in |

    Scenario: Orders stay as they are when a sign-in fails
      Given Ben has signed in
      And Ben has begun to pay for 1 "Product 14" by another account if there is one
      When Ben tries to sign in with a wrong password
      Then the shop refuses
      And nothing else has changed

    Scenario: A long history shows each order on one page
      Given Christina has ordered 1 "Product 14"
      And Christina has ordered 2 "Product 14", to be paid by another account if there is one
      And Christina has ordered 3 "Product 2"
      When Christina turns the pages of the order history, 2 orders each
      Then no order is on two pages
      And nothing else has changed

    @mock_only
    Scenario: The order history shows ten orders, however many a customer asks for
      Given Christina has ordered 1 "Product 14" 11 times
      When Christina turns the pages of the order history, 8 orders each
      Then the two pages show 10 orders together
      And nothing else has changed

    Scenario: The order history does not show orders of another storage
      Given Christina has looked at the order history
      When Christina orders 1 "Product 14" in another storage, to be paid by "card"
      Then the order history of Christina does not show the order
      And nothing else has changed

    Scenario: A booking is an order without products
      When Christina orders no products
      Then the order is confirmed as placed, at the price of its products
      And the order reads back as it was placed
      And nothing else has changed

    Scenario: A new order begins where the shop's orders begin
      When Christina orders 1 "Product 14"
      Then the order is in the status in which the shop's orders begin
      And nothing else has changed

    Scenario: An order can be changed
      Given Christina has ordered 1 "Product 14"
      When Christina changes the order to 2 "Product 2"
      Then the order is confirmed as placed, at the price of its products
      And the order reads back as it was placed
      And nothing else has changed

    Scenario: A changed order is shown as changed where it was seen before
      Given Christina has ordered 1 "Product 14"
      And Christina has looked at the order history
      And Christina has looked at the order
      When Christina changes the order to 2 "Product 2"
      Then the order reads back as it was placed
      And nothing else has changed

    Scenario: Changing an order leaves the other orders as they are
      Given Christina has begun to pay for 1 "Product 14" by another account if there is one
      And Christina has ordered 3 "Product 2", to be paid by another account if there is one
      When Christina changes the order to 2 "Product 2"
      Then the order is confirmed as placed, at the price of its products
      And nothing else has changed

    @mock_only
    Scenario: An order that is paid stays as it is
      Given Christina has ordered 1 "Product 14", to be paid by "card"
      And Christina has opened a payment session for the order
      And the payment was completed
      When Christina tries to change the order to 2 "Product 2"
      Then the shop finds a mistake in it
      And nothing else has changed

    Scenario Outline: The name of <name> arrives as it was written
      Given a buyer called "<name>"
      When Christina orders 1 "Product 14" for the buyer
      Then the order is confirmed as placed, at the price of its products
      And the order reads back as it was placed
      And nothing else has changed

      Examples:
        | name               |
        | Зоя Ёлкина         |
        | محمد عبد الله      |
        | Zoë 王小明 🛍️👩‍👩‍👧 |

    Scenario: A very long name arrives whole
      Given a buyer with a name of 240 letters
      When Christina orders 1 "Product 14" for the buyer
      Then the order reads back as it was placed
      And nothing else has changed

  Rule: The shop takes no order that makes no sense

    Scenario: The order form asks for what an order needs
      When Christina opens the order form
      Then the form asks for what an order needs

    Scenario: An order needs its form filled in
      Given Christina has signed in on another device
      When Christina tries to order "Product 14" with an empty form
      Then the shop refuses, saying "empty form data section"
      And nothing else has changed

    Scenario: A customer cannot order more than the shop has
      When Christina tries to order 3 "scarce product"
      Then the shop finds a mistake in it
      And nothing else has changed

    Scenario: An order line needs a product
      When Christina tries to order without naming a product
      Then the shop refuses, saying "products.0.productId must be a number conforming to the specified constraints"
      And nothing else has changed

    Scenario: An order needs an account that is connected
      When Christina tries to order 1 "Product 14", to be paid by "bank transfer"
      Then the shop refuses, saying "Your payment account is not connected."
      And nothing else has changed

    Scenario: A refused order leaves the orders of all customers as they are
      Given Christina has ordered 2 "Product 2", to be paid by another account if there is one
      And Ben has signed in
      And Ben has ordered 1 "Product 14"
      When Christina tries to order 1 "Product 14", to be paid by "bank transfer"
      Then the shop refuses, saying "Your payment account is not connected."
      And nothing else has changed

    @undocumented @unpromised
    Scenario Outline: Nobody orders <quantity> of a product
      When Christina tries to order <quantity> "Product 14"
      Then the shop refuses
      And nothing else has changed

      Examples:
        | quantity |
        | 0        |
        | -1       |
        | 1.5      |

    @undocumented @unpromised
    Scenario: Nobody orders what does not exist
      When Christina tries to order a product that does not exist
      Then the shop refuses
      And nothing else has changed

    @undocumented
    Scenario: Orders are kept only in storages that exist
      When Christina tries to order "Product 14" in a storage that does not exist
      Then the shop refuses
      And nothing else has changed

  Rule: An order belongs to its buyer

    @severity:critical
    Scenario: An order is not in somebody else's history
      Given Ben has signed in and can order 1 "Product 14" and find it in the order history
      When Christina orders 1 "Product 14"
      Then the order history of Ben does not show the order
      And nothing else has changed

    @severity:critical @undocumented
    Scenario: Nobody reads somebody else's order
      Given Christina has ordered 1 "Product 14"
      And Ben has signed in and can order 1 "Product 14" and read it
      When Ben tries to read the order
      Then the shop refuses
      And nothing else has changed

    @severity:critical @undocumented
    Scenario: Nobody changes somebody else's order
      Given Christina has ordered 1 "Product 14"
      And Ben has signed in and can order 1 "Product 14" and change it
      When Ben tries to change the order to 5 "Product 14"
      Then the shop refuses
      And nothing else has changed

    @undocumented @unpromised
    Scenario: A visitor cannot order
      Given Ben has signed in
      When a visitor tries to order 1 "Product 14"
      Then the shop turns the visitor away
      And nothing else has changed
